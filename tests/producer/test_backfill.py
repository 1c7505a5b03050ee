from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.backfill import backfill_status, next_window, past_of, searches_to_keep, window_length
from producer.hourly_rates import HOURS, HourlyRates
from producer.windows import SECOND, union
from schemas import Subject, SubjectProgress, Window
from tests.producer.model_search import START

DAY = timedelta(days=1)
NOW = START + 100 * DAY
TEN_A_DAY = HourlyRates([10 / 86400] * HOURS)


def a_subject(since_days: float = 40.0) -> Subject:
    return Subject(id="tea", query="tea", since=NOW - since_days * DAY, followed_at=NOW - DAY)


def progress(*covered: Window, **known: object) -> SubjectProgress:
    return SubjectProgress(id="tea", covered=covered, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(("a_day", "length"), [(10, 20 * DAY), (0.001, 90 * DAY), (1e6, timedelta(hours=1))])
def test_a_window_of_the_past_holds_about_two_hundred_videos(a_day, length):
    assert window_length(HourlyRates([a_day / 86400] * HOURS)) == length


def test_the_newest_window_comes_first():
    past = past_of(a_subject(), progress(Window(start=NOW - 10 * DAY, end=NOW)), NOW)

    window = next_window(past, TEN_A_DAY)

    assert window == Window(start=NOW - 10 * DAY - SECOND - 20 * DAY, end=NOW - 10 * DAY - SECOND)


def test_a_subject_without_a_past_has_none():
    young = Subject(id="tea", query="tea", since=NOW, followed_at=NOW)

    assert past_of(young, progress(), NOW) == ()
    assert next_window((), TEN_A_DAY) is None
    assert backfill_status(young, progress(), TEN_A_DAY, 20, NOW) is None


def test_progress_counts_windows_and_days_of_quota():
    known = progress(Window(start=NOW - 11 * DAY, end=NOW), past_windows_done=3)

    status = backfill_status(a_subject(since_days=51), known, TEN_A_DAY, 4.0, NOW)

    assert status is not None
    assert (status.windows_done, status.windows_left) == (3, 2)
    assert status.days_left == 2.0  # 400 videos are 8 pages
    done = backfill_status(a_subject(), progress(Window(start=START, end=NOW)), TEN_A_DAY, 4.0, NOW)
    assert done is not None
    assert (done.windows_left, done.days_left) == (0, 0.0)
    unknown = backfill_status(a_subject(), progress(), TEN_A_DAY, 0.0, NOW)
    assert unknown is not None
    assert unknown.days_left is None


@pytest.mark.parametrize(
    ("share", "left_of_day", "kept"), [(0.2, 1.0, 80), (0.2, 0.5, 40), (0.0, 0.5, 50), (0.2, 0.0, 0), (0.2, 1.04, 80)]
)
def test_live_polls_keep_their_part_of_what_is_left_of_the_day(share, left_of_day, kept):
    assert searches_to_keep(100, share, left_of_day) == kept


@given(
    covered=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted), max_size=4),
    a_day=st.floats(0.01, 1e5),
    since=st.integers(1, 99),
)
def test_window_after_window_all_of_the_past_is_fetched_and_nothing_twice(covered, a_day, since):
    rates = HourlyRates([a_day / 86400] * HOURS)
    subject = a_subject(since)
    known = union(Window(start=START + start * DAY, end=START + end * DAY) for start, end in covered)
    for _ in range(3000):
        window = next_window(past_of(subject, progress(*known), NOW), rates)
        if window is None:
            break
        assert subject.since <= window.start <= window.end < subject.followed_at
        assert not any(each.start <= window.end and window.start <= each.end for each in known)
        known = union([*known, window])

    assert past_of(subject, progress(*known), NOW) == ()
