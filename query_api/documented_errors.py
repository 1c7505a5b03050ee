"""Every error that a route may answer, as OpenAPI tells it: when, in which shape, and an example."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from query_api.problems import MEDIA_TYPE, RETRY_AFTER_S, SCHEMA


@dataclass(frozen=True, slots=True)
class _Error:
    """When it is answered, and an example: its detail, and what it says of which parameter."""

    when: str
    detail: str
    parameter: str | None = None
    accepted: str = ""
    headers: tuple[str, ...] = ()


_HEADERS = {
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}, "example": int(RETRY_AFTER_S)},
    "WWW-Authenticate": {"description": "How to give it.", "schema": {"type": "string"}, "example": "Bearer"},
}

_ERRORS = {
    400: _Error(
        "The address is not UTF-8, or the Host is not this machine.", "is not UTF-8", "q", "percent-encoded UTF-8"
    ),
    401: _Error(
        "The admin token is missing or wrong.",
        "Authorization: Bearer with the ADMIN_TOKEN that the service was started with is needed",
        headers=("WWW-Authenticate",),
    ),
    404: _Error(
        "There is no such thing; `errors` names what answers the ids that there are.",
        "no such subject is followed",
        "subject",
        "an id that GET /subjects answers",
    ),
    408: _Error("The request takes too long to arrive.", "the body did not arrive in time: send all of it at once"),
    411: _Error("The body has no Content-Length.", "Content-Length: the body needs one"),
    413: _Error("The body is too long.", "the body has more than 65536 bytes: at most so many are accepted"),
    414: _Error("The query string is too long.", "the query string has 63502 bytes: at most 63488 are accepted"),
    415: _Error("The body is not declared as JSON.", "Content-Type: application/json is accepted"),
    422: _Error(
        "A parameter or a field is wrong; `errors` names it and says what it accepts.",
        "is not a parameter of this path",
        "verbose",
        "no parameters",
    ),
    429: _Error(
        "Too many from this address; `Retry-After` says when to try again.",
        "too many searches from this address: try again in 1 s",
        headers=("Retry-After",),
    ),
    431: _Error("Address and headers are too long.", "address and headers are too long: 131072 bytes are accepted"),
    500: _Error("A defect of the service.", "a defect of the service; its log tells more"),
    503: _Error(
        "The index or the log cannot be reached now; `Retry-After` says when to try again.",
        "the log cannot be reached now: try again in a few seconds",
        headers=("Retry-After",),
    ),
}
_OF_EVERY_ROUTE = (400, 408, 414, 422, 429, 431, 500)


def problem_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, and those that every route has."""
    return {status: _answer(status, _ERRORS[status]) for status in sorted({*_OF_EVERY_ROUTE, *statuses})}


def _answer(status: int, error: _Error) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}. {error.when}",
        "content": {MEDIA_TYPE: {"schema": SCHEMA, "example": _example(status, error)}},
    }
    if error.headers:
        answer["headers"] = {name: _HEADERS[name] for name in error.headers}
    return answer


def _example(status: int, error: _Error) -> dict[str, Any]:
    detail = error.detail if error.parameter is None else f"{error.parameter}: {error.detail}"
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if error.parameter is not None:
        said["errors"] = [{"parameter": error.parameter, "reason": error.detail, "accepted": error.accepted}]
    return {**said, "request_id": "9dcf6c085e424d85a3f7b70644d09257"}
