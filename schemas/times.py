"""Times as this project keeps them: UTC, whole seconds, the precision of YouTube's own timestamps."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def utc_now() -> datetime:
    """The present moment in UTC, cut to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def to_utc_second(moment: datetime) -> datetime:
    """`moment` in UTC, cut to the second; a time without an offset is taken as UTC.

    Raises ValueError where that is not within the years 1 to 9999.
    """
    if moment.tzinfo is not UTC:
        offset = moment.utcoffset()
        # A zero offset of another class is as good, and slower to compute with ever after.
        moment = _astimezone(moment) if offset else moment.replace(tzinfo=UTC)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _astimezone(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment} is not within the years 1 to 9999 in UTC") from error


def parse_utc(text: str) -> datetime:
    """An ISO 8601 date or date-time as a UTC second.

    A plain date means its first second; a time without an offset is taken as UTC.
    Raises ValueError for anything else.
    """
    return to_utc_second(datetime.fromisoformat(text))


def format_utc(moment: datetime) -> str:
    """RFC 3339 with second precision and a `Z`, as YouTube writes and accepts it."""
    # Not strftime: it writes years before 1000 with fewer than four digits.
    return to_utc_second(moment).isoformat().removesuffix("+00:00") + "Z"


UtcSecond = Annotated[datetime, AfterValidator(to_utc_second)]
"""A model field that holds a moment in UTC, cut to the second."""
