"""Moments and lengths as people write them: ISO 8601, `now`, `now-7d`, seconds."""

import re
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from schemas import parse_utc

DATES = "an ISO 8601 date or date-time, such as 2026-11-24 or 2026-11-24T04:24:53Z"
MOMENTS = f"{DATES}; now, or a time before it such as now-7d (s, m, h, d, w)"
LENGTHS = "whole seconds such as 300, or an ISO 8601 duration such as PT5M; up to 2147483647 seconds"

_LONGEST_S = 2**31 - 1
"""What the indexes hold."""

_MAX_TEXT = 50
# Of what Python reads, that which is ISO 8601: Python takes any character between date and time.
_DATE = re.compile(r"[0-9W-]+(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?")
_WITHIN_SECOND = re.compile(r"[.,]0*[1-9]")
_RELATIVE = re.compile(r"NOW(?:-([0-9]{1,9})([SMHDW]))?")
_UNITS = {"S": "seconds", "M": "minutes", "H": "hours", "D": "days", "W": "weeks"}
# Of what pydantic reads, that which is a duration of ISO 8601 and no date.
_DURATION = re.compile(r"P(?=[0-9T])(?:[0-9]+[WD])?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?")
_duration = TypeAdapter(timedelta)


def parse_date(text: str) -> datetime:
    """An ISO 8601 date or date-time as a UTC second.

    Raises ValueError, also for what is in another year than 1 to 9999 in UTC.
    """
    text = text.upper()
    if len(text) > _MAX_TEXT or not _DATE.fullmatch(text):
        raise ValueError("not a date")
    return parse_utc(text)


def parse_moment(text: str, now: datetime, *, is_end: bool) -> datetime:
    """An end of a range that holds it. A plain date stands for all of that day, `now-7d` for a time before `now`.

    Raises ValueError or OverflowError.
    """
    relative = _RELATIVE.fullmatch(text.upper())
    if relative:
        number, unit = relative.groups()
        return now - timedelta(**{_UNITS[unit]: int(number)}) if unit else now
    text = _with_plus(text)
    return parse_date(text) + (_rest_of_day(text) if is_end else _rest_of_second(text))


def parse_length(text: str) -> int:
    """Whole seconds, given as such or as an ISO 8601 duration. Raises ValueError."""
    if text.isascii() and text.isdecimal() and len(text) <= _MAX_TEXT:
        seconds = int(text)
    else:
        seconds = _seconds_of_duration(text.upper())
    if seconds > _LONGEST_S:
        raise ValueError("too long")
    return seconds


def _seconds_of_duration(text: str) -> int:
    if len(text) > _MAX_TEXT or not _DURATION.fullmatch(text):
        raise ValueError("not a duration")
    try:
        return int(_duration.validate_python(text).total_seconds())
    except ValidationError as error:
        raise ValueError("not a duration") from error


def _with_plus(text: str) -> str:
    # In a query string a plus stands for a space, so an offset such as +01:00 arrives with one.
    time, space, offset = text.rpartition(" ")
    return f"{time}+{offset}" if space and ("T" in time.upper() or " " in time) else text


def _rest_of_day(text: str) -> timedelta:
    return timedelta() if "T" in text.upper() or " " in text else timedelta(days=1, seconds=-1)


def _rest_of_second(text: str) -> timedelta:
    return timedelta(seconds=1) if _WITHIN_SECOND.search(text) else timedelta()
