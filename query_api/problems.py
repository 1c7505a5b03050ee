"""Errors as problem details (RFC 9457): what was wrong, where, and what is accepted."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from event_log import LogError
from observability import event_logger
from video_index import VideoIndexError

logs = event_logger("query_api")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"


class ProblemError(Exception):
    """A request that is answered with a problem. `parameter` is the name of what was wrong in it, if one was."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        parameter: str | None = None,
        accepted: str | None = None,
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
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Answers every error of `app` with a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(VideoIndexError, _on_away)
    app.add_exception_handler(LogError, _on_away)
    app.add_exception_handler(Exception, _on_defect)


async def _on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 - the handler is registered for this class only
    errors = None
    if error.parameter is not None:
        errors = [{"parameter": error.parameter, "reason": error.detail, "accepted": error.accepted or ""}]
    detail = f"{error.parameter}: {error.detail}" if error.parameter else error.detail
    return problem(error.status, detail, errors=errors, headers=error.headers)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for this class only
    errors = [
        {"parameter": ".".join(str(part) for part in each["loc"][1:]) or "body", "reason": str(each["msg"])}
        for each in error.errors()
    ]
    detail = "; ".join(f"{each['parameter']}: {each['reason']}" for each in errors)
    return problem(422, detail, errors=errors)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class only
    detail = str(error.detail)
    if error.status_code == 404:
        detail = "there is nothing at this path: GET /docs lists what there is"
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "other methods")
        detail = f"{request.method} is not accepted here: {allowed} is"
    return problem(error.status_code, detail, headers=error.headers)


async def _on_away(_: Request, error: Exception) -> JSONResponse:
    logs.warning("dependency_away", reason=error)
    what = "the index" if isinstance(error, VideoIndexError) else "the log"
    return problem(
        503, f"{what} cannot be reached now: try again in a few seconds", headers={"Retry-After": RETRY_AFTER_S}
    )


async def _on_defect(request: Request, error: Exception) -> JSONResponse:
    logs.error("defect", path=request.url.path, error=type(error).__name__)
    return problem(500, "a defect of the service; its log tells more")
