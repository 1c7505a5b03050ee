"""From when on videos of a subject may be looked for."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from schemas.times import parse_utc, utc_now

ACCEPTED = "an ISO 8601 date or date-time from 2005-02-14 up to now"

_EXAMPLE = f"{ACCEPTED} is accepted, such as 2026-01-31"
_YOUTUBE_BEGAN = datetime(2005, 2, 14, tzinfo=UTC)


def check_since(moment: datetime) -> datetime:
    """The moment itself. Raises ValueError where YouTube had nothing yet, or has nothing yet."""
    if not _YOUTUBE_BEGAN <= moment <= utc_now():
        raise ValueError("is before YouTube began, or in the future")
    return moment


def _checked(moment: datetime) -> datetime:
    try:
        return check_since(moment)
    except ValueError as error:
        raise ValueError(f"{error}: {_EXAMPLE}") from None


def _parsed(value: Any) -> Any:  # noqa: ANN401 - whatever the environment or a caller gives
    try:
        return parse_utc(value.strip()) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(_EXAMPLE) from None


Since = Annotated[datetime, BeforeValidator(_parsed), AfterValidator(_checked)]
"""A setting that holds such a moment."""
