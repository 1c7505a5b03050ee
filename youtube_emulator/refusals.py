"""The answers by which YouTube refuses a request: HTTP status and JSON body.

Bodies follow https://developers.google.com/youtube/v3/docs/errors, their `details` google.rpc.ErrorInfo and what
was captured. No text holds the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SERVICE = "youtube.googleapis.com"
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"
_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

_UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
_INVALID_KEY = "API key not valid. Please pass a valid API key."
_QUOTA_EXCEEDED = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than 200."""

    status: int
    body: Mapping[str, Any]


class RefusedError(Exception):
    """The request is answered by `refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.body["error"]["message"])
        self.refusal = refusal


def key_missing() -> Refusal:
    """No key was given."""
    return _refusal(403, _UNREGISTERED, "forbidden", status="PERMISSION_DENIED")


def key_invalid() -> Refusal:
    """The key is none."""
    localized = {
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        "locale": "en-US",
        "message": _INVALID_KEY,
    }
    details = [_error_info("API_KEY_INVALID", {"service": SERVICE}), localized]
    return _refusal(400, _INVALID_KEY, "badRequest", status="INVALID_ARGUMENT", details=details)


def api_disabled(project_number: int) -> Refusal:
    """The API is not enabled for the project of the key."""
    url = f"https://console.developers.google.com/apis/api/{SERVICE}/overview?project={project_number}"
    message = (
        f"YouTube Data API v3 has not been used in project {project_number} before or it is disabled. Enable it by "
        f"visiting {url} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry."
    )
    details = [
        _help("Google developers console API activation", url),
        _error_info("SERVICE_DISABLED", {"service": SERVICE, "consumer": f"projects/{project_number}"}),
    ]
    more = {"extendedHelp": "https://console.developers.google.com"}
    return _refusal(
        403, message, "accessNotConfigured", "usageLimits", status="PERMISSION_DENIED", details=details, more=more
    )


def key_blocked(project_number: int, service: str) -> Refusal:
    """The key is restricted to other APIs. `service` is the API's name of what was called."""
    method = f"youtube.api.v3.{service}.List"
    metadata = {
        "service": SERVICE,
        "apiName": "youtube",
        "methodName": method,
        "consumer": f"projects/{project_number}",
    }
    return _refusal(
        403,
        f"Requests to this API youtube method {method} are blocked.",
        "forbidden",
        status="PERMISSION_DENIED",
        details=[_error_info("API_KEY_SERVICE_BLOCKED", metadata)],
    )


def searches_used_up(project_number: int, limit: int, *, per_minute: bool) -> Refusal:
    """The project's bucket of searches is empty: that of the day, or that of the minute."""
    name, unit, quota_limit = (
        ("Search Queries per minute", "1/min/{project}", "defaultSearchListPerMinutePerProject")
        if per_minute
        else ("Search Queries per day", "1/d/{project}", "defaultSearchListPerDayPerProject")
    )
    message = (
        f"Quota exceeded for quota metric 'Search Queries' and limit '{name}' of service '{SERVICE}' "
        f"for consumer 'project_number:{project_number}'."
    )
    metadata = {
        "service": SERVICE,
        "consumer": f"projects/{project_number}",
        "quota_metric": f"{SERVICE}/search_list",
        "quota_limit": quota_limit,
        "quota_limit_value": str(limit),
        "quota_unit": unit,
        "quota_location": "global",
    }
    details = [
        _error_info("RATE_LIMIT_EXCEEDED", metadata),
        _help("Request a higher quota limit.", "https://cloud.google.com/docs/quotas/help/request_increase"),
    ]
    return _refusal(429, message, "rateLimitExceeded", status="RESOURCE_EXHAUSTED", details=details)


def units_used_up() -> Refusal:
    """The project has no units left today."""
    return _refusal(403, _QUOTA_EXCEEDED, "quotaExceeded", "youtube.quota")


def invalid_parameter(name: str, message: str, reason: str = "invalidParameter") -> Refusal:
    """A parameter has a value that is not accepted."""
    return _refusal(400, message, reason, "youtube.parameter", more=_location(name))


def missing_parameter(name: str, message: str | None = None) -> Refusal:
    """A parameter is needed."""
    told = message or f"No values for required parameter '{name}' were given."
    return _refusal(400, told, "missingRequiredParameter", "youtube.parameter", more=_location(name))


def unknown_parameter(name: str) -> Refusal:
    """There is no such parameter."""
    message = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )
    details = [{"@type": _BAD_REQUEST, "fieldViolations": [{"description": message}]}]
    return _refusal(400, message, "invalid", status="INVALID_ARGUMENT", details=details, more=_location(name))


def invalid_page_token(domain: str = "youtube.parameter") -> Refusal:
    """The page token is none that was given."""
    message = "The request specifies an invalid page token."
    return _refusal(400, message, "invalidPageToken", domain, more=_location("pageToken"))


def invalid_search_filter(name: str, message: str) -> Refusal:
    """Parameters of a search do not go together."""
    return _refusal(400, message, "invalidSearchFilter", "youtube.search", more=_location(name))


def playlist_not_found() -> Refusal:
    """There is no such playlist."""
    message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
    return _refusal(404, message, "playlistNotFound", "youtube.playlistItem", more=_location("playlistId"))


def not_found() -> Refusal:
    """There is nothing at this address."""
    return _refusal(404, "Requested entity was not found.", "notFound", status="NOT_FOUND")


def method_not_allowed() -> Refusal:
    """Only GET is served."""
    return _refusal(405, "This stand-in serves GET only.", "httpMethodNotAllowed", status="UNIMPLEMENTED")


def server_error(status: int) -> Refusal:
    """YouTube's own trouble: a 5xx status."""
    if status == 500:
        return _refusal(500, "Internal error encountered.", "backendError", status="INTERNAL")
    return _refusal(status, "The service is currently unavailable.", "backendError", status="UNAVAILABLE")


def _refusal(
    code: int,
    message: str,
    reason: str,
    domain: str = "global",
    *,
    status: str | None = None,
    details: list[dict[str, Any]] | None = None,
    more: Mapping[str, str] | None = None,
) -> Refusal:
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


def _error_info(reason: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    return {"@type": _ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def _help(description: str, url: str) -> dict[str, Any]:
    return {"@type": _HELP, "links": [{"description": description, "url": url}]}
