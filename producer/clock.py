"""Time, as the producer sees it: the one seam through which tests let time pass without waiting."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from observability import event_logger
from schemas import utc_now

logs = event_logger("producer")

_TOLERANCE = timedelta(seconds=5)
"""An answer takes some seconds, and `Date` has no fractions."""

_BELIEVED_AT_ONCE = timedelta(hours=3)
_TIMES_IN_A_ROW = 20

_UNCONFIRMED_FOR_S = 86_400.0
"""How long what goes by a confirmed clock waits for YouTube, which may be out of reach for longer than that may be
put off."""


class Clock(Protocol):
    """The present moment, and waiting that a stop interrupts."""

    @property
    def stopped(self) -> bool:
        """Whether the service was asked to stop."""
        ...

    def now(self) -> datetime:
        """The present moment in UTC, cut to the second."""
        ...

    @property
    def confirmed(self) -> bool:
        """Whether what cannot be undone may go by it."""
        ...

    def wait(self, seconds: float) -> bool:
        """Waits, at most until a stop is asked for; whether it was."""
        ...


class SystemClock:
    """The machine's clock, set by YouTube's where the two differ. `stop` ends every wait at once.

    What YouTube has published, and when its day of quota ends, goes by YouTube's clock: with one that is ahead, a
    window would be noted as complete whose end had not come yet.
    """

    def __init__(
        self,
        stop: Event,
        machine: Callable[[], datetime] = utc_now,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stop = stop
        self._machine = machine
        self._monotonic_s = monotonic_s
        self._heard = (machine(), monotonic_s())
        self._ahead = timedelta(0)
        self._told: timedelta | None = None
        self._times = 0

    def set_by(self, date: datetime) -> None:
        """Goes by `date`, the present moment elsewhere, when the machine's differs by more than some seconds.

        What would move it by more than a few hours has to be told several times in a row: a single wrong answer
        must not make everything that is stored too old.
        """
        ahead = self._machine() - date
        agrees = self._told is not None and abs(ahead - self._told) <= _TOLERANCE
        self._times, self._told = (self._times + 1 if agrees else 1), ahead
        self._heard = (self._machine(), self._monotonic_s())
        if abs(ahead - self._ahead) > _BELIEVED_AT_ONCE and self._times < _TIMES_IN_A_ROW:
            return
        if abs(ahead - self._ahead) > _TOLERANCE:
            self._ahead = ahead if abs(ahead) > _TOLERANCE else timedelta(0)
            logs.warning("clock_differs", machine_is_ahead_s=int(ahead.total_seconds()), going_by="YouTube's clock")

    @property
    def stopped(self) -> bool:
        """See `Clock`."""
        return self._stop.is_set()

    def now(self) -> datetime:
        """See `Clock`."""
        return self._machine() - self._ahead

    @property
    def confirmed(self) -> bool:
        """See `Clock`: YouTube's newest `Date` agrees, or none has come for a day, since the start or since then.

        A machine that wakes up weeks ahead, or is set so, must not take all that is stored for too old; but what is
        to be removed in time is removed also while YouTube is out of reach.
        """
        moment, heard_s = self._heard
        since_s = self._monotonic_s() - heard_s
        jumped = abs(self._machine() - moment - timedelta(seconds=since_s)) > _BELIEVED_AT_ONCE
        agrees = self._told is not None and abs(self._told - self._ahead) <= _BELIEVED_AT_ONCE
        return (agrees and not jumped) or since_s >= _UNCONFIRMED_FOR_S

    def wait(self, seconds: float) -> bool:
        """See `Clock`."""
        return self._stop.wait(seconds)


def has_passed(since: datetime | None, pause: timedelta, now: datetime) -> bool:
    """Whether `pause` has gone by since then; also when that never was, or the clock was set back since."""
    return since is None or not since <= now < since + pause
