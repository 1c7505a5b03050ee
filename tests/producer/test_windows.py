from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from producer.windows import gaps, live_window, subtract, union, until
from schemas import Window
from tests.producer.model_search import START

OVERLAP = timedelta(seconds=7200)


def at(second: int) -> timedelta:
    return START + timedelta(seconds=second)


def span(start: int, end: int) -> Window:
    return Window(start=at(start), end=at(end))


def seconds_of(windows: tuple[Window, ...]) -> list[int]:
    """Every second of every window; one that is in two windows comes twice."""
    found = []
    for window in windows:
        start = int((window.start - START).total_seconds())
        end = int((window.end - START).total_seconds())
        found += range(start, end + 1)
    return found


spans = st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda pair: span(pair[0], sum(pair)))
many_spans = st.lists(spans, max_size=6)


@given(many_spans)
def test_a_union_has_every_second_once_in_order_and_no_two_windows_touch(windows):
    joined = union(windows)

    assert seconds_of(joined) == sorted(set(seconds_of(tuple(windows))))
    assert all(older.end + timedelta(seconds=1) < newer.start for older, newer in pairwise(joined))


@given(many_spans, spans)
def test_subtracting_leaves_every_other_second(windows, hole):
    left = subtract(union(windows), hole)

    assert seconds_of(left) == sorted(set(seconds_of(tuple(windows))) - set(seconds_of((hole,))))


@given(spans, many_spans)
def test_gaps_are_what_is_not_covered_newest_first(within, covered):
    found = gaps(within, covered)

    assert sorted(seconds_of(found)) == sorted(set(seconds_of((within,))) - set(seconds_of(tuple(covered))))
    assert [gap.start for gap in found] == sorted((gap.start for gap in found), reverse=True)


@given(many_spans, st.integers(0, 60))
def test_the_future_is_cut_off(windows, now):
    assert set(seconds_of(until(windows, at(now)))) == {s for s in seconds_of(tuple(windows)) if s <= now}


def test_the_first_live_window_starts_where_the_subject_does():
    assert live_window((), at(0), at(900_000), OVERLAP) == span(0, 900_000)


def test_a_live_window_looks_again_at_the_newest_past():
    covered = (span(0, 10), span(20_000, 50_000))

    assert live_window(covered, at(0), at(51_000), OVERLAP) == span(50_000 - 7200, 51_000)


def test_a_live_window_does_not_reach_back_before_the_subject_starts():
    assert live_window((span(100, 200),), at(100), at(300), OVERLAP) == span(100, 300)


def test_what_was_noted_while_the_clock_was_ahead_does_not_hide_the_present():
    covered = (span(0, 90_000),)

    assert live_window(covered, at(0), at(10_000), OVERLAP) == span(10_000 - 7200, 10_000)
