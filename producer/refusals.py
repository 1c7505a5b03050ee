"""What a failed answer of the YouTube Data API means.

Bodies as documented at https://developers.google.com/youtube/v3/docs/errors and, for `details`, at
https://cloud.google.com/apis/design/errors; both `errors[].reason` and `details[].reason` are looked at, because
either alone is too coarse: a daily and a short-term limit are both `rateLimitExceeded`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from producer.errors import (
    BurstError,
    DayQuotaError,
    KeyRefusedError,
    PageTokenError,
    RequestRefusedError,
    SearchError,
    UnavailableError,
)

_CREDENTIALS = "APIs & Services > Credentials in the Google Cloud console"
_REPLACE = f"check it under {_CREDENTIALS}, or add another key"
_RESTRICTED = f"allow YouTube Data API v3 and this machine for it under {_CREDENTIALS}, then add it again"
_DISABLED = "enable YouTube Data API v3 for its project in the Google Cloud console, then add it again"

_KEY_HINTS = {
    "API_KEY_INVALID": _REPLACE,
    "API_KEY_EXPIRED": _REPLACE,
    "keyInvalid": _REPLACE,
    "keyExpired": _REPLACE,
    "accessNotConfigured": _DISABLED,
    "SERVICE_DISABLED": _DISABLED,
    "API_KEY_SERVICE_BLOCKED": _RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _RESTRICTED,
    "API_KEY_IP_ADDRESS_BLOCKED": _RESTRICTED,
    "API_KEY_ANDROID_APP_BLOCKED": _RESTRICTED,
    "API_KEY_IOS_APP_BLOCKED": _RESTRICTED,
    "ipRefererBlocked": _RESTRICTED,
    "CONSUMER_SUSPENDED": _REPLACE,
    "CONSUMER_INVALID": _REPLACE,
    "forbidden": _RESTRICTED,
}
_DAY_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_BURST_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_PASSING_REASONS = frozenset({"backendError", "internalError", "processingFailure", "serviceUnavailable"})

_RESOURCES = ("playlist", "channel", "video")
"""How reasons begin that are about what was asked for, as `playlistItemsNotAccessible` is, not about the key."""

_SHOWN_CHARACTERS = 300


def refusal(status: int, body: bytes) -> SearchError:
    """The error that an answer other than 200 stands for. Never raises."""
    error = _ErrorBody.read(body)
    refused = _refusal(status, error)
    refused.project_number = error.project_number if error else None
    return refused


def _refusal(status: int, error: "_ErrorBody | None") -> SearchError:
    if error is None:
        return UnavailableError(
            f"HTTP {status} without YouTube's error description: is YOUTUBE_API_URL right?"
            if 300 <= status < 500
            else f"HTTP {status}",
            sent=True,
        )
    told = f"HTTP {status}: {error.told}"
    if status == 403 and any(reason.startswith(_RESOURCES) for reason in error.reasons):
        return RequestRefusedError(told)
    if status == 429 or error.reasons & (_DAY_REASONS | _BURST_REASONS):
        return DayQuotaError(told) if error.counts_days else BurstError(told)
    if hint := next((hint for reason, hint in _KEY_HINTS.items() if reason in error.reasons), None):
        return KeyRefusedError(f"{error.told}: {hint}")
    if status in (401, 403) and not error.reasons & _PASSING_REASONS:
        return KeyRefusedError(f"{error.told}: {_REPLACE}")
    if "invalidPageToken" in error.reasons or (status == 400 and error.parameter == "pageToken"):
        return PageTokenError(told)
    if status in (400, 404) and not error.reasons & _PASSING_REASONS:
        return RequestRefusedError(told, parameter=error.parameter)
    return UnavailableError(told, sent=True)


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    """What an error body says, wherever it says it."""

    reasons: frozenset[str]
    told: str
    parameter: str | None
    limits: tuple[str, ...]
    project_number: str | None

    @property
    def counts_days(self) -> bool:
        """Whether a quota of the day is used up, rather than one of the minute."""
        if self.limits:
            return any("1/d" in limit or "PerDay" in limit for limit in self.limits)
        return bool(self.reasons & _DAY_REASONS) or "per day" in self.told

    @classmethod
    def read(cls, body: bytes) -> Self | None:
        """None for a body that does not describe an error as YouTube does."""
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return None
        error = document.get("error") if isinstance(document, dict) else None
        if not isinstance(error, dict):
            return None
        errors, details = list(_objects(error, "errors")), list(_objects(error, "details"))
        metadata = [entry for detail in details if isinstance(entry := detail.get("metadata"), dict)]
        reasons = [text for entry in errors + details if isinstance(text := entry.get("reason"), str)]
        return cls(
            reasons=frozenset(reasons),
            told=_told(reasons, error.get("message")),
            parameter=next(_parameters(errors), None),
            limits=tuple(str(entry[name]) for entry in metadata for name in _QUOTA_FIELDS if name in entry),
            project_number=next((told for entry in metadata if (told := _project_number(entry))), None),
        )


_CONSUMER = re.compile(r"projects/\d{1,20}")
_QUOTA_FIELDS = ("quota_unit", "quota_limit")


def _objects(error: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    entries = error.get(name)
    if isinstance(entries, list):
        yield from (entry for entry in entries if isinstance(entry, dict))


def _project_number(metadata: Mapping[str, Any]) -> str | None:
    # Nothing but a number is taken: of a consumer that is no project it could be the key itself.
    consumer = metadata.get("consumer")
    return consumer if isinstance(consumer, str) and _CONSUMER.fullmatch(consumer) else None


def _parameters(errors: list[dict[str, Any]]) -> Iterator[str]:
    for entry in errors:
        if entry.get("locationType") == "parameter" and isinstance(entry.get("location"), str):
            yield entry["location"]


def _told(reasons: list[str], message: object) -> str:
    words = " ".join(message.split())[:_SHOWN_CHARACTERS] if isinstance(message, str) else ""
    return f"{', '.join(dict.fromkeys(reasons)) or 'no reason given'}" + (f" ({words})" if words else "")
