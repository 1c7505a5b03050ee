"""The answers by which YouTube refuses a request: HTTP status and JSON body. Those that are about keys and quota
are in key_refusals.py.

Bodies follow https://developers.google.com/youtube/v3/docs/errors, their `details` google.rpc.ErrorInfo and what
was captured. No text holds the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than 200."""

    status: int
    body: Mapping[str, Any]


class RefusalError(Exception):
    """The request is answered by `refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.body["error"]["message"])
        self.refusal = refusal


def invalid_parameter(name: str, message: str, reason: str = "invalidParameter") -> Refusal:
    """A parameter has a value that is not accepted."""
    return one_error(400, message, reason, "youtube.parameter", more=_location(name))


def missing_parameter(name: str, message: str | None = None) -> Refusal:
    """A parameter is needed."""
    told = message or f"No values for required parameter '{name}' were given."
    return one_error(400, told, "missingRequiredParameter", "youtube.parameter", more=_location(name))


def unknown_parameter(name: str) -> Refusal:
    """There is no such parameter."""
    message = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )
    details = [{"@type": _BAD_REQUEST, "fieldViolations": [{"description": message}]}]
    return one_error(400, message, "invalid", status="INVALID_ARGUMENT", details=details, more=_location(name))


def invalid_page_token(domain: str = "youtube.parameter") -> Refusal:
    """The page token is none that was given."""
    message = "The request specifies an invalid page token."
    return one_error(400, message, "invalidPageToken", domain, more=_location("pageToken"))


def invalid_search_filter(name: str, message: str) -> Refusal:
    """Parameters of a search do not go together."""
    return one_error(400, message, "invalidSearchFilter", "youtube.search", more=_location(name))


def playlist_not_found() -> Refusal:
    """There is no such playlist."""
    message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
    return one_error(404, message, "playlistNotFound", "youtube.playlistItem", more=_location("playlistId"))


def not_found() -> Refusal:
    """There is nothing at this address."""
    return one_error(404, "Requested entity was not found.", "notFound", status="NOT_FOUND")


def method_not_allowed() -> Refusal:
    """Only GET is served."""
    return one_error(405, "This stand-in serves GET only.", "httpMethodNotAllowed", status="UNIMPLEMENTED")


def server_error(status: int) -> Refusal:
    """YouTube's own trouble: a 5xx status."""
    if status == 500:
        return one_error(500, "Internal error encountered.", "backendError", status="INTERNAL")
    return one_error(status, "The service is currently unavailable.", "backendError", status="UNAVAILABLE")


def one_error(
    code: int,
    message: str,
    reason: str,
    domain: str = "global",
    *,
    status: str | None = None,
    details: list[dict[str, Any]] | None = None,
    more: Mapping[str, str] | None = None,
) -> Refusal:
    """An answer with one error; `more` is added to it, `details` stand beside it."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason, **(more or {})}],
    }
    if status:
        error["status"] = status
    if details:
        error["details"] = details
    return Refusal(code, {"error": error})


def _location(name: str) -> dict[str, str]:
    return {"location": name, "locationType": "parameter"}
