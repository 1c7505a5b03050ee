"""The answers by which YouTube refuses a key, or says that the quota of its project is used up.

Bodies as in refusals.py. Those of quota and of disabled or restricted projects name the project by its number, as
`consumer`; that of used up units has no such details, and that of an invalid key has no project
(docs/youtube-api.md). No text holds the key.
"""

from collections.abc import Mapping
from typing import Any

from youtube_emulator.refusals import Refusal, one_error

SERVICE = "youtube.googleapis.com"
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"
_CONSOLE = "https://console.developers.google.com"

_UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
_INVALID_KEY = "API key not valid. Please pass a valid API key."
_QUOTA_EXCEEDED = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)


def key_missing() -> Refusal:
    """No key was given."""
    return one_error(403, _UNREGISTERED, "forbidden", status="PERMISSION_DENIED")


def key_invalid() -> Refusal:
    """The key is none."""
    localized = {
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        "locale": "en-US",
        "message": _INVALID_KEY,
    }
    details = [_error_info("API_KEY_INVALID", {"service": SERVICE}), localized]
    return one_error(400, _INVALID_KEY, "badRequest", status="INVALID_ARGUMENT", details=details)


def key_invalid_of_old() -> Refusal:
    """The same as older answers said it."""
    return one_error(400, "Bad Request", "keyInvalid", "usageLimits")


def api_disabled(project_number: int) -> Refusal:
    """The API is not enabled for the project of the key."""
    url = f"{_CONSOLE}/apis/api/{SERVICE}/overview?project={project_number}"
    message = (
        f"YouTube Data API v3 has not been used in project {project_number} before or it is disabled. Enable it by "
        f"visiting {url} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry."
    )
    details = [
        _help("Google developers console API activation", url),
        _error_info("SERVICE_DISABLED", {"service": SERVICE, "consumer": f"projects/{project_number}"}),
    ]
    more = {"extendedHelp": _CONSOLE}
    return one_error(
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
    return one_error(
        403,
        f"Requests to this API youtube method {method} are blocked.",
        "forbidden",
        status="PERMISSION_DENIED",
        details=[_error_info("API_KEY_SERVICE_BLOCKED", metadata)],
    )


def searches_used_up(project_number: int, limit: int, *, per_minute: bool = False) -> Refusal:
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
    return one_error(429, message, "rateLimitExceeded", status="RESOURCE_EXHAUSTED", details=details)


def units_used_up() -> Refusal:
    """The project has no units left today."""
    return one_error(403, _QUOTA_EXCEEDED, "quotaExceeded", "youtube.quota")


def units_used_up_of_old(project_number: int) -> Refusal:
    """The same as older answers said it."""
    message = (
        "Daily Limit Exceeded. The quota will be reset at midnight Pacific Time (PT). You may monitor your quota "
        f"usage and adjust limits in the API Console: {_CONSOLE}/apis/api/{SERVICE}/quotas?project={project_number}"
    )
    return one_error(403, message, "dailyLimitExceeded", "usageLimits", more={"extendedHelp": _CONSOLE})


def _error_info(reason: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    return {"@type": _ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def _help(description: str, url: str) -> dict[str, Any]:
    return {"@type": _HELP, "links": [{"description": description, "url": url}]}
