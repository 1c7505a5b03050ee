"""Counts out of an engine's aggregations, in an order of their own; and the intervals of a timeline."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from video_index.errors import IntervalError
from video_index.interface import Count, Interval, Timeline

MAX_INTERVALS = 2_000
"""Of a timeline."""

_FEW = 200
"""Intervals that a timeline has at most where none was chosen, as long as months are short enough."""

MOST_VALUES = 65_000
"""Channels or subjects that are counted apart; Elasticsearch takes no more."""

Bucket: TypeAlias = Mapping[str, Any]

_LONGEST = {
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
    Interval.WEEK: timedelta(weeks=1),
    Interval.MONTH: timedelta(days=31),
}


def counts(buckets: Sequence[Bucket]) -> tuple[Count, ...]:
    """Of `terms`, the most frequent first, equals by their value."""
    found = [Count(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    return tuple(sorted(found, key=lambda each: (-each.count, each.value)))


def days_of(buckets: Sequence[Bucket]) -> tuple[Count, ...]:
    """Of a histogram by day, the latest day first."""
    return tuple(Count(f"{_start(bucket):%Y-%m-%d}", bucket["doc_count"]) for bucket in reversed(buckets))


def values_of(field: str, size: int) -> dict[str, Any]:
    """The `terms` to ask for. Engines gather the best of each part of an index; only enough of them count right."""
    return {"terms": {"field": field, "size": size, "shard_size": MOST_VALUES}}


def is_cut_among_equals(buckets: Sequence[Bucket], size: int, limit: int) -> bool:
    """Whether of `size` buckets asked for, values that are left out may be as frequent as the last of `limit`.

    Engines leave out what they like of equals; we the last by their value.
    """
    return len(buckets) == size and buckets[limit - 1]["doc_count"] == buckets[-1]["doc_count"]


def buckets_of(interval: Interval) -> dict[str, Any]:
    """The histogram to ask for. Not every engine knows weeks and months, so they are made of days."""
    span = "1h" if interval is Interval.HOUR else "1d"
    return {"date_histogram": {"field": "published_at", "fixed_interval": span, "min_doc_count": 1}}


def chosen(interval: Interval | None, first: datetime, last: datetime) -> Interval:
    """`interval`, or the shortest that gives few. Raises IntervalError for one that gives too many."""
    if interval is None:
        return next((each for each in Interval if _number(each, first, last) <= _FEW), Interval.MONTH)
    number = _number(interval, first, last)
    if number > MAX_INTERVALS:
        raise IntervalError(f"{number} intervals of one {interval}: at most {MAX_INTERVALS} are accepted")
    return interval


def timeline(interval: Interval, first: datetime, last: datetime, buckets: Sequence[Bucket]) -> Timeline:
    """The timeline of a span, out of the histogram that `buckets_of` asks for."""
    found = dict.fromkeys(_starts(interval, first, last), 0)
    for bucket in buckets:
        found[_first_of(interval, _start(bucket))] += bucket["doc_count"]
    return Timeline(interval, tuple(found.items()), sum(found.values()))


def _start(bucket: Bucket) -> datetime:
    return datetime.fromtimestamp(bucket["key"] / 1000, UTC)


def _starts(interval: Interval, first: datetime, last: datetime) -> Iterator[datetime]:
    start = _first_of(interval, first)
    while start <= last:
        yield start
        start = _first_of(interval, start + _LONGEST[interval])


def _number(interval: Interval, first: datetime, last: datetime) -> int:
    """How many intervals a span touches."""
    first, last = _first_of(interval, first), _first_of(interval, last)
    if interval is Interval.MONTH:
        return 12 * (last.year - first.year) + last.month - first.month + 1
    return (last - first) // _LONGEST[interval] + 1


def _first_of(interval: Interval, moment: datetime) -> datetime:
    """The beginning of the interval that `moment` is in."""
    if interval is Interval.HOUR:
        return moment.replace(minute=0, second=0)
    day = moment.replace(hour=0, minute=0, second=0)
    if interval is Interval.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval is Interval.MONTH else day
