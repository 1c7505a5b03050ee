"""A quantity per second that changes with the hour of the UTC day, and its integrals in closed form."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import accumulate

HOURS = 24
HOUR_S = 3600.0
DAY_S = 86400.0


class HourlyRates:
    """24 values per second, each for one hour of the UTC day and all above 0; the same on every day.

    An integral over any span, and its inverse, take a constant time: a scheduler may ask once per second for
    hundreds of subjects.
    """

    __slots__ = ("_sums", "a_day", "hourly")

    def __init__(self, hourly: Iterable[float]) -> None:
        self.hourly: Sequence[float] = tuple(hourly)
        self._sums = [0.0, *accumulate(value * HOUR_S for value in self.hourly)]
        self.a_day = self._sums[-1]

    def at(self, moment: datetime) -> float:
        """The value per second at `moment`."""
        return self.hourly[moment.astimezone(UTC).hour]

    def between(self, start: datetime, end: datetime) -> float:
        """The integral from `start` to `end`; negative when `end` comes first."""
        return self._until(end.timestamp()) - self._until(start.timestamp())

    def reached(self, start: datetime, amount: float) -> datetime:
        """When the integral from `start` on comes to `amount`; before `start` for a negative one.

        At most some years away from `start`.
        """
        days, rest = divmod(self._until(start.timestamp()) + amount, self.a_day)
        hour = min(bisect_right(self._sums, rest), HOURS) - 1
        moment = days * DAY_S + hour * HOUR_S + (rest - self._sums[hour]) / self.hourly[hour]
        return datetime.fromtimestamp(min(max(moment, 0.0), start.timestamp() + 1e8), UTC)

    def _until(self, moment: float) -> float:
        days, rest = divmod(moment, DAY_S)
        hour = int(rest // HOUR_S)
        return days * self.a_day + self._sums[hour] + self.hourly[hour] * (rest - hour * HOUR_S)
