from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.hourly_rates import HOURS, HourlyRates
from producer.looking_back import FARTHEST, Overlap, lateness_bound, overlap
from schemas import SubjectProgress
from tests.producer.model_search import START

NOW = START + timedelta(days=3)
HOUR = timedelta(hours=1)
GUESS = 2 * HOUR


def per_hour(rate: float) -> HourlyRates:
    return HourlyRates([rate / 3600] * HOURS)


def progress(**known: object) -> SubjectProgress:
    return SubjectProgress(id="tea", **known)  # type: ignore[arg-type]


def look(known: SubjectProgress, per_hour_: float, covered_to=NOW, now=NOW, searches_a_day: float = 100.0) -> Overlap:
    return overlap(known, per_hour(per_hour_), covered_to, now, GUESS, searches_a_day)


def test_a_quiet_subject_is_looked_at_as_far_back_as_a_page_affords():
    found = look(progress(last_deep_poll_at=NOW), 2, NOW - HOUR)

    assert found.span == pytest.approx(24 * HOUR, abs=timedelta(seconds=2))
    assert found.needed == timedelta(0)


def test_but_no_farther_than_two_days():
    assert look(progress(last_deep_poll_at=NOW), 0.01).span == FARTHEST


def test_a_busy_one_is_looked_at_a_little_and_now_and_then_deeply_whatever_that_takes():
    deep = look(progress(), 100)
    little = look(progress(last_deep_poll_at=NOW - timedelta(minutes=59)), 30)
    again = look(progress(last_deep_poll_at=NOW - 3 * HOUR), 30)

    assert deep.span == deep.needed == deep.deep == GUESS
    assert (little.span, little.needed) == (timedelta(minutes=100), timedelta(0))
    assert again.span == again.needed == again.deep == 5 * HOUR


@pytest.mark.parametrize(("videos_per_hour", "pause"), [(1, HOUR), (20, 1.25 * HOUR), (100, 2 * HOUR)])
def test_the_busier_it_is_the_more_rarely_it_is_looked_at_deeply(videos_per_hour, pause):
    before = look(progress(last_deep_poll_at=NOW - pause + timedelta(minutes=1)), videos_per_hour)
    after = look(progress(last_deep_poll_at=NOW - pause - timedelta(minutes=1)), videos_per_hour)

    assert not before.needed
    assert after.needed


@pytest.mark.parametrize(
    ("seen_s", "bound"), [(0, GUESS), (2400, GUESS), (7200, 6 * HOUR), (86_400, FARTHEST), (10**6, FARTHEST)]
)
def test_it_reaches_thrice_as_far_as_videos_were_late(seen_s, bound):
    assert lateness_bound(progress(lateness_s=seen_s), GUESS) == bound


@given(
    pauses=st.lists(st.integers(10, 36_000), min_size=20, max_size=60),
    fails=st.randoms(use_true_random=False),
    rate=st.sampled_from([0.1, 5.0, 40.0, 300.0]),
    searches=st.sampled_from([0.5, 10.0, 100.0]),
)
def test_every_second_is_searched_at_an_age_of_the_lateness_or_more(pauses, fails, rate, searches):
    """Whenever polls come, and whichever of them fail. What is needed and not complete is a gap, and so complete in
    the end: that is as if the poll had completed it."""
    known, covered_to, now, looked = progress(), NOW, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        found = look(known, rate, covered_to, now, searches)
        if fails.random() < 0.4:
            continue
        start = covered_to - (found.span if fails.random() < 0.5 else found.needed)
        looked.append((start, now))
        if start <= covered_to - found.deep:
            known = progress(last_deep_poll_at=now)
        covered_to = now

    last_deep = known.last_deep_poll_at or NOW
    ends = [window for window in looked if window[1] <= last_deep]
    for quarter in range(int((last_deep - GUESS - NOW) / timedelta(minutes=15))):
        second = NOW + quarter * timedelta(minutes=15)
        assert any(start <= second and end - second >= GUESS for start, end in ends)
