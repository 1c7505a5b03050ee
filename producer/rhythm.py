"""Learnt publication rates: how often something publishes, at which hour of the day, and how that changes.

Two time scales are kept in a `Rhythm`. The *shape* (videos and watched seconds by hour of the UTC day) fades with
`SHAPE_HALF_LIFE`; the *level* (videos of late, against those that the shape lets expect) with `LEVEL_HALF_LIFE`.
Little knowledge is shrunk: to a flat day, to an unchanged level and to a prior rate. The constants were chosen with
`python -m benchmarks scheduling`; the mean delay depends little on them, because it goes with the root of the rate.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import log2
from statistics import median

from producer.hourly_rates import HOURS, HourlyRates
from schemas import Rhythm, Window

SHAPE_HALF_LIFE = timedelta(days=10)
LEVEL_HALF_LIFE = timedelta(hours=18)

DEFAULT_RATE = 1 / 3600
"""Videos per second of what nothing is known of, nor of anything else."""

_PRIOR_S = 6 * 3600.0
"""Watched seconds that the prior rate is worth."""

_SHAPE_PRIOR = 4.0
_LEVEL_PRIOR = 4.0
"""Videos that a flat day and an unchanged level are worth."""

_LOWEST_RATE = 1 / (90 * 86400)
_FORGOTTEN = 6 * SHAPE_HALF_LIFE
_HOUR = timedelta(hours=1)
_NOTHING = (0.0,) * HOURS


def note(rhythm: Rhythm, watched: Iterable[Window], published: Iterable[datetime], now: datetime) -> Rhythm:
    """The rhythm after `watched` was looked through for the first time; `published` is when the videos first found
    were published. One found late, in a span watched before, counts as well."""
    watched, published = tuple(watched), tuple(published)
    elapsed = max(timedelta(0), now - rhythm.as_of) if rhythm.as_of else timedelta(0)
    fade = _weight(elapsed, SHAPE_HALF_LIFE)
    seen = [value * fade for value in rhythm.seen or _NOTHING]
    seconds = [value * fade for value in rhythm.watched_s or _NOTHING]
    for moment in published:
        seen[moment.hour] += _weight(now - moment, SHAPE_HALF_LIFE)
    pieces = [piece for window in watched for piece in _by_hour(window, now)]
    for middle, length in pieces:
        seconds[middle.hour] += length * _weight(now - middle, SHAPE_HALF_LIFE)
    shape = _shape(tuple(seen), tuple(seconds), DEFAULT_RATE)
    fade = _weight(elapsed, LEVEL_HALF_LIFE)
    return Rhythm(
        seen=tuple(seen),
        watched_s=tuple(seconds),
        recent_seen=rhythm.recent_seen * fade + sum(_weight(now - moment, LEVEL_HALF_LIFE) for moment in published),
        recent_expected=rhythm.recent_expected * fade
        + sum(shape[middle.hour] * length * _weight(now - middle, LEVEL_HALF_LIFE) for middle, length in pieces),
        as_of=now if rhythm.as_of is None else max(now, rhythm.as_of),
    )


def rates(rhythm: Rhythm, prior: float = DEFAULT_RATE) -> HourlyRates:
    """Videos per second, as far as they are known; `prior` is what is taken for one nothing is known of."""
    # A prior in steps of powers of two changes seldom, so that what was computed once can be kept.
    return _rates(rhythm, round(log2(max(prior, _LOWEST_RATE))))


def typical_rate(rhythms: Iterable[Rhythm]) -> float:
    """Videos per second of those that something is known of: what to take for a new one."""
    known = [
        (sum(rhythm.seen) + 0.5) / sum(rhythm.watched_s)
        for rhythm in rhythms
        if rhythm.watched_s and sum(rhythm.watched_s) > _PRIOR_S
    ]
    return median(known) if known else DEFAULT_RATE


@lru_cache(maxsize=4096)
def _rates(rhythm: Rhythm, prior_log2: int) -> HourlyRates:
    shape = _shape(rhythm.seen or _NOTHING, rhythm.watched_s or _NOTHING, 2.0**prior_log2)
    level = (rhythm.recent_seen + _LEVEL_PRIOR) / (rhythm.recent_expected + _LEVEL_PRIOR)
    return HourlyRates(max(rate * level, _LOWEST_RATE) for rate in shape)


def _shape(seen: tuple[float, ...], watched_s: tuple[float, ...], prior: float) -> list[float]:
    mean = (sum(seen) + prior * _PRIOR_S) / (sum(watched_s) + _PRIOR_S)
    smooth_seen, smooth_watched = _smooth(seen), _smooth(watched_s)
    return [
        mean * (found + _SHAPE_PRIOR) / (mean * seconds + _SHAPE_PRIOR)
        for found, seconds in zip(smooth_seen, smooth_watched, strict=True)
    ]


def _smooth(hourly: tuple[float, ...]) -> list[float]:
    """Each hour with half of its neighbours: a day has no steps."""
    return [hourly[hour - 1] / 2 + hourly[hour] + hourly[(hour + 1) % HOURS] / 2 for hour in range(HOURS)]


def _by_hour(window: Window, now: datetime) -> Iterator[tuple[datetime, float]]:
    """The middle and the seconds of each hour of the window that is not forgotten yet."""
    start, end = max(window.start, now - _FORGOTTEN), window.end + timedelta(seconds=1)
    while start < end:
        piece_end = min(end, start.replace(minute=0, second=0) + _HOUR)
        yield (start + (piece_end - start) / 2).astimezone(UTC), (piece_end - start).total_seconds()
        start = piece_end


def _weight(age: timedelta, half_life: timedelta) -> float:
    return float(2.0 ** -max(0.0, age / half_life))
