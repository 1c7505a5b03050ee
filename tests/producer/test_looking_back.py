from datetime import timedelta

import pytest

from producer.course import HOURS, Course
from producer.looking_back import FARTHEST, lateness_bound, overlap
from schemas import SubjectProgress
from tests.producer.model_search import START

NOW = START + timedelta(days=3)
HOUR = timedelta(hours=1)
GUESS = 2 * HOUR


def per_hour(rate: float) -> Course:
    return Course([rate / 3600] * HOURS)


def progress(**known: object) -> SubjectProgress:
    return SubjectProgress(id="tea", **known)  # type: ignore[arg-type]


def test_a_quiet_subject_is_looked_at_as_far_back_as_a_page_affords():
    found = overlap(progress(), per_hour(1), NOW - HOUR, NOW, GUESS)

    assert found.deep
    assert found.span == pytest.approx(39 * HOUR, abs=timedelta(seconds=2))


def test_but_no_farther_than_two_days():
    assert overlap(progress(), per_hour(0.01), NOW - HOUR, NOW, GUESS).span == FARTHEST


def test_a_busy_one_is_looked_at_deeply_now_and_then_and_a_little_in_between():
    busy = per_hour(300)

    deep = overlap(progress(), busy, NOW, NOW, GUESS)
    little = overlap(progress(last_deep_poll_at=NOW - timedelta(minutes=59)), busy, NOW, NOW, GUESS)
    again = overlap(progress(last_deep_poll_at=NOW - HOUR), busy, NOW, NOW, GUESS)

    assert (deep.span, deep.deep) == (3 * HOUR, True)
    assert (little.span, little.deep) == (timedelta(minutes=10), False)
    assert again == deep


@pytest.mark.parametrize(
    ("seen_s", "bound"), [(0, GUESS), (3600, GUESS), (7200, 4 * HOUR), (86_400, FARTHEST), (10**6, FARTHEST)]
)
def test_it_reaches_twice_as_far_as_videos_were_late(seen_s, bound):
    assert lateness_bound(progress(lateness_s=seen_s), GUESS) == bound


def test_every_second_of_a_busy_subject_is_searched_again_at_an_age_of_the_lateness_or_more():
    """A poll every ten minutes for a day."""
    known, looked = progress(), []
    for minute in range(0, 24 * 60, 10):
        now = NOW + timedelta(minutes=minute)
        found = overlap(known, per_hour(300), now - timedelta(minutes=10), now, GUESS)
        looked.append((now - timedelta(minutes=10) - found.span, now))
        if found.deep:
            known = progress(last_deep_poll_at=now)

    for minute in range(6 * 60, 20 * 60):
        second = NOW + timedelta(minutes=minute)
        assert any(start <= second <= now and now - second >= GUESS for start, now in looked)
