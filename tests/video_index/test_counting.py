from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_index import Interval, IntervalError
from video_index.counting import MAX_INTERVALS, chosen, timeline

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=2_000)))
@settings(deadline=None)
def test_the_interval_that_is_chosen_is_the_shortest_that_gives_few(first: datetime, span: timedelta) -> None:
    last = first + span

    interval = chosen(None, first, last)

    shorter = list(Interval)[: list(Interval).index(interval)]
    assert len(timeline(interval, first, last, []).buckets) <= 200 or interval is Interval.MONTH
    assert all(len(timeline(each, first, last, []).buckets) > 200 for each in shorter)


@settings(deadline=None)
@given(st.sampled_from(Interval), MOMENTS, st.timedeltas(timedelta(), timedelta(days=60)))
def test_a_timeline_covers_its_span_without_gaps(interval: Interval, first: datetime, span: timedelta) -> None:
    starts = [start for start, _ in timeline(interval, first, first + span, []).buckets]

    assert starts[0] <= first < first + timedelta(seconds=1)
    assert starts[-1] <= first + span
    assert starts == sorted(set(starts))
    lengths = {following - start for start, following in pairwise(starts)}
    assert (
        lengths
        <= {
            Interval.HOUR: {timedelta(hours=1)},
            Interval.DAY: {timedelta(days=1)},
            Interval.WEEK: {timedelta(days=7)},
            Interval.MONTH: {timedelta(days=days) for days in (28, 29, 30, 31)},
        }[interval]
    )


def test_a_chosen_interval_stands_unless_it_gives_too_many() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    last = first + timedelta(hours=MAX_INTERVALS - 1)

    assert chosen(Interval.HOUR, first, last) is Interval.HOUR
    with pytest.raises(IntervalError, match="2001 intervals"):
        chosen(Interval.HOUR, first, last + timedelta(hours=1))
