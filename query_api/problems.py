"""Errors as problem details (RFC 9457): what was wrong, where, and what is accepted."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from event_log import LogError
from observability import current_request, event_logger
from video_index import IndexAccessError, PageTooFarError, VideoIndexError

logs = event_logger("query_api")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong."},
        "request_id": {"type": "string", "description": "Names the request in the service's log lines."},
        "errors": {
            "type": "array",
            "description": "Where something with a name was wrong.",
            "items": {
                "type": "object",
                "required": ["parameter", "reason", "accepted"],
                "properties": {
                    "parameter": {"type": "string", "description": "Its name, in the query, the path or the body."},
                    "reason": {"type": "string"},
                    "accepted": {"type": "string", "description": "What may stand there instead."},
                },
            },
        },
    },
}
"""The body of a problem, as JSON Schema."""


class ProblemError(Exception):
    """A request that is answered with a problem.

    `parameter` is the name of what was wrong in it, where something with a name was, and `accepted` what may stand
    there instead.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        parameter: str | None = None,
        accepted: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.parameter = parameter
        self.accepted = accepted
        self.headers = headers


def problem(
    status: int,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as an HTTP answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    if request := current_request():
        body["request_id"] = request
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Answers every error that `app` foresees with a problem; `Guards` answers the others."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(VideoIndexError, _on_away)
    app.add_exception_handler(PageTooFarError, _on_too_far)
    app.add_exception_handler(LogError, _on_away)


async def _on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 - the handler is registered for this class only
    return answer_of(error)


def answer_of(error: ProblemError) -> JSONResponse:
    """The answer that the error stands for."""
    if error.parameter is None:
        return problem(error.status, error.detail, headers=error.headers)
    errors = [{"parameter": error.parameter, "reason": error.detail, "accepted": error.accepted}]
    return problem(error.status, f"{error.parameter}: {error.detail}", errors=errors, headers=error.headers)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class only
    if error.status_code == 404:
        return problem(404, "there is nothing at this path: GET /docs lists what there is")
    if error.status_code == 405:
        allowed = ", ".join(_accepted_methods(request))
        return problem(405, f"{request.method} is not accepted here, but {allowed}", headers={"Allow": allowed})
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _accepted_methods(request: Request) -> list[str]:
    # A path with several methods has a route for each, and Starlette tells only those of the first.
    route = request.scope.get("route")  # none for the documentation's own pages
    documented = request.app.openapi()["paths"].get(route.path) if route is not None else None
    methods = {method.upper() for method in documented or ("get",)}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _on_too_far(_: Request, error: Exception) -> JSONResponse:
    logs.warning("page_too_far", reason=error)
    accepted = "one that is less far back; or, without page, the next_cursor of GET /search, which leads to any"
    return answer_of(ProblemError(422, str(error), parameter="page", accepted=accepted))


async def _on_away(_: Request, error: Exception) -> JSONResponse:
    logs.warning("dependency_away", reason=error)
    if isinstance(error, IndexAccessError):
        # Its text names the settings and no secret; to wait is of no use.
        return problem(503, f"the index does not let this service in: {error}")
    what = "the index" if isinstance(error, VideoIndexError) else "the log"
    return problem(
        503, f"{what} cannot be reached now: try again in a few seconds", headers={"Retry-After": RETRY_AFTER_S}
    )
