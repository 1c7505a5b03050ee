"""How a day's calls are spread over those who want them: one mechanism for searches and for units.

Mean delay is least when a contender is served with the density f = k · √(rate / cost): it minimises the sum of
rate / (2 f), the videos that wait times how long, where the sum of cost · f is what there is to spend. `k` follows
from the calls left and the time they have to last. A contender is due when the density since it was last served has
added up to one serving.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import sqrt

from producer.hourly_rates import HourlyRates

FINAL_SPAN = timedelta(minutes=10)
"""Before the reset: the last call of a day is kept until then, so that no day runs dry before."""

DAY = timedelta(days=1)
_SERVINGS_A_DAY = 1.0
_FAIR_PART = 0.5


@dataclass(frozen=True, slots=True)
class Contender:
    """Who wants calls: `rates` of what it publishes, when it was `last` served, and the calls a serving takes."""

    id: str
    rates: HourlyRates
    last: datetime | None
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When a contender is due, and the mean delay in seconds from publication to being found at today's pace."""

    due_at: datetime
    expected_delay_s: float


def turns(
    contenders: Iterable[Contender],
    left: float,
    resets_at: datetime,
    now: datetime,
    *,
    shortest: timedelta = timedelta(0),
) -> dict[str, Turn]:
    """The turn of each contender, by id, when `left` calls have to last until `resets_at`.

    One that was never served is due at once. A quiet one is served once a day, or half as often as everyone would
    be in equal shares if that is less. No two servings of one are closer together than `shortest`. What is due may
    still have to wait for `last_call_kept_until`.
    """
    everyone = list(contenders)
    if not everyone:
        return {}
    pace = _pace(everyone, left, resets_at, now)
    return {each.id: pace.turn(each, shortest) for each in everyone}


def last_call_kept_until(left: float, resets_at: datetime, now: datetime) -> datetime:
    """From when on another call may be spent: `now` while more than one is left."""
    return now if left > 1 else max(now, resets_at - FINAL_SPAN)


@dataclass(frozen=True, slots=True)
class _Pace:
    """`k`, what it follows from (calls over an integral), and the least servings per second."""

    calls: float
    total: HourlyRates
    now: datetime
    end: datetime
    least: float

    @property
    def k(self) -> float:
        return self.calls / max(self.total.between(self.now, self.end), 1e-9)

    def turn(self, contender: Contender, shortest: timedelta) -> Turn:
        density = _densities(contender.rates, contender.cost)
        return Turn(self._due(contender, density, shortest), self._delay(contender.rates, density, shortest))

    def _due(self, contender: Contender, density: HourlyRates, shortest: timedelta) -> datetime:
        last = contender.last
        if last is None:
            return self.now
        latest = last + timedelta(seconds=1 / self.least)
        return max(min(self._reached(density, last), latest), last + shortest)

    def _reached(self, density: HourlyRates, last: datetime) -> datetime:
        """When one serving has added up, if nothing else is spent until then: `k` grows meanwhile."""
        left_s = (self.end - self.now).total_seconds()
        owed = self.total.between(self.now, self.end) - self.calls * density.between(last, self.now)
        if owed <= 0:
            return last + (self.now - last) / max(self.k * density.between(last, self.now), 1.0)
        if left_s <= 0 or not self.calls:
            return self.end
        both = HourlyRates(
            self.calls * own + all_ for own, all_ in zip(density.hourly, self.total.hourly, strict=True)
        )
        return both.reached(self.now, owed)

    def _delay(self, rates: HourlyRates, density: HourlyRates, shortest: timedelta) -> float:
        """Half a pause, weighted with the videos that wait for it."""
        k, least_pause = max(self.k, 1e-12), shortest.total_seconds()
        waited = (
            rate * max(min(1 / (k * each), 1 / self.least), least_pause) / 2
            for rate, each in zip(rates.hourly, density.hourly, strict=True)
        )
        return sum(waited) / sum(rates.hourly)


def _pace(everyone: list[Contender], left: float, resets_at: datetime, now: datetime) -> _Pace:
    final = resets_at - FINAL_SPAN
    # The last call is for the final span; the others last until there.
    calls, end = (max(0.0, left - 1), final) if now < final else (left, max(resets_at, now))
    days = max((end - now) / DAY, 1e-6)
    fair = calls / days / sum(each.cost for each in everyone)
    least = max(min(_SERVINGS_A_DAY, _FAIR_PART * fair), 1e-3)
    shared, busy = _without_the_quiet(everyone, calls, days, least)
    total = HourlyRates(map(sum, zip(*(_spending(each.rates, each.cost).hourly for each in busy), strict=True)))
    return _Pace(shared, total, now, end, least / DAY.total_seconds())


def _without_the_quiet(
    everyone: list[Contender], calls: float, days: float, least: float
) -> tuple[float, list[Contender]]:
    """The calls left for those who are served more often than the least, and who that is; never nobody."""
    by_need = sorted(everyone, key=lambda each: _densities(each.rates, each.cost).a_day)
    needed = sum(_spending(each.rates, each.cost).a_day for each in by_need)
    for place, each in enumerate(by_need[:-1]):
        k = calls / days / needed
        if k * _densities(each.rates, each.cost).a_day >= least:
            return calls, by_need[place:]
        calls = max(0.0, calls - least * days * each.cost)
        needed -= _spending(each.rates, each.cost).a_day
    return calls, by_need[-1:]


@lru_cache(maxsize=4096)
def _densities(rates: HourlyRates, cost: float) -> HourlyRates:
    """Servings per second, up to the factor `k`."""
    return HourlyRates(sqrt(rate / cost) for rate in rates.hourly)


@lru_cache(maxsize=4096)
def _spending(rates: HourlyRates, cost: float) -> HourlyRates:
    """Calls per second, up to the factor `k`."""
    return HourlyRates(sqrt(rate * cost) for rate in rates.hourly)
