"""Error bodies as YouTube sends them (docs/youtube-api.md)."""

import json

from producer.http import httpx

Entry = dict[str, object]


def error(
    status: int,
    message: str,
    *,
    reason: str = "",
    domain: str = "youtube",
    details: list[Entry] | None = None,
    **entry,
) -> httpx.Response:
    errors = [{"message": message, "domain": domain, "reason": reason, **entry}] if reason else []
    body = {"error": {"code": status, "message": message, "errors": errors, "details": details or []}}
    return httpx.Response(status, content=json.dumps(body))


def day_quota(consumer: str | None = None) -> httpx.Response:
    return error(
        429,
        "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' of service 'youtube'",
        reason="rateLimitExceeded",
        domain="global",
        details=[quota_detail("1/d/{project}", "defaultSearchListPerDayPerProject", consumer)],
    )


def burst() -> httpx.Response:
    return error(
        429,
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'youtube'",
        reason="rateLimitExceeded",
        domain="global",
        details=[quota_detail("1/min/{project}", "defaultPerMinutePerProject")],
    )


def quota_detail(unit: str, limit: str, consumer: str | None = None) -> Entry:
    named = {"consumer": consumer} if consumer else {}
    return {"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_unit": unit, "quota_limit": limit, **named}}


def invalid_key(message: str = "API key not valid. Please pass a valid API key.") -> httpx.Response:
    return error(
        400, message, reason="badRequest", domain="global", details=[{"reason": "API_KEY_INVALID", "metadata": {}}]
    )


def invalid_token() -> httpx.Response:
    return error(
        400,
        "The request specifies an invalid page token.",
        reason="invalidPageToken",
        locationType="parameter",
        location="pageToken",
    )


def invalid_parameter(name: str) -> httpx.Response:
    return error(
        400, "Invalid value.", reason="invalidParameter", locationType="parameter", location=name, domain="global"
    )


def backend_error() -> httpx.Response:
    return error(500, "Backend Error", reason="backendError", domain="global")
