"""Times: whole seconds since 1970 inside, RFC 3339 outside, as YouTube writes and accepts them."""

import re
import time
from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], float]
"""Gives seconds since 1970."""

DAY = 86_400

ACCEPTED = "a time as RFC 3339 has it, such as 2026-01-31T12:00:00Z,"

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FRACTION = re.compile(r"\.\d+")


def moved(clock: Clock, *, skew_s: float = 0.0, start: float | None = None, speed: float = 1.0) -> Clock:
    """A clock that is `skew_s` seconds ahead of another, or begins at `start` now; from now on it runs so fast."""
    began = clock()
    first = began + skew_s if start is None else start
    return lambda: first + (clock() - began) * speed


def parse_time(text: str) -> int:
    """Seconds since 1970; a fraction of a second is cut off. Raises ValueError."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError(f"{ACCEPTED} is accepted")
    try:
        return int(datetime.fromisoformat(_FRACTION.sub("", text.upper())).timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{ACCEPTED} is accepted: {error}") from None


def format_time(seconds: int) -> str:
    """`2026-01-31T12:00:00Z`."""
    moment = time.gmtime(seconds)
    return (
        f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}"
        f"T{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}Z"
    )


def format_duration(seconds: int) -> str:
    """ISO 8601, as `contentDetails.duration` has it: `PT1H2M3S`, `P1DT2H`, and `P0D` for none."""
    days, rest = divmod(seconds, DAY)
    units = (("H", rest // 3600), ("M", rest // 60 % 60), ("S", rest % 60))
    clock = "".join(f"{number}{unit}" for unit, number in units if number)
    if not days and not clock:
        return "P0D"
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
