"""Time, as the producer sees it: the one seam through which tests let time pass without waiting."""

from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from schemas import utc_now


class Clock(Protocol):
    """The present moment, and waiting that a stop interrupts."""

    @property
    def stopped(self) -> bool:
        """Whether the service was asked to stop."""
        ...

    def now(self) -> datetime:
        """The present moment in UTC, cut to the second."""
        ...

    def wait(self, seconds: float) -> bool:
        """Waits, at most until a stop is asked for; whether it was."""
        ...


class SystemClock:
    """The machine's clock. `stop` ends every wait at once."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    @property
    def stopped(self) -> bool:
        """See `Clock`."""
        return self._stop.is_set()

    def now(self) -> datetime:
        """See `Clock`."""
        return utc_now()

    def wait(self, seconds: float) -> bool:
        """See `Clock`."""
        return self._stop.wait(seconds)


def has_passed(since: datetime | None, pause: timedelta, now: datetime) -> bool:
    """Whether `pause` has gone by since then; also when that never was, or the clock was set back since."""
    return since is None or not since <= now < since + pause
