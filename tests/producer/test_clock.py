from datetime import timedelta
from threading import Event

import pytest

from producer.clock import SystemClock, has_passed
from tests.producer.model_search import START

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("ahead_s", [-90_000, -6, 6, 7200])
def test_a_clock_that_differs_from_youtubes_goes_by_that(ahead_s):
    clock = SystemClock(Event(), lambda: START + ahead_s * SECOND)

    for _ in range(20):
        clock.set_by(START)

    assert clock.now() == START


def test_a_single_answer_from_another_month_is_not_believed():
    clock = SystemClock(Event(), lambda: START)

    clock.set_by(START + timedelta(days=40))
    clock.set_by(START)

    assert clock.now() == START


@pytest.mark.parametrize("ahead_s", [-5, 0, 5])
def test_some_seconds_are_no_difference(ahead_s):
    clock = SystemClock(Event(), lambda: START + ahead_s * SECOND)

    clock.set_by(START)

    assert clock.now() == START + ahead_s * SECOND


def test_a_clock_that_was_mended_is_believed_again():
    ahead = [timedelta(hours=1)]
    clock = SystemClock(Event(), lambda: START + ahead[0])
    clock.set_by(START)
    ahead[0] = timedelta(0)

    clock.set_by(START)

    assert clock.now() == START


@pytest.mark.parametrize(("since_s", "passed"), [(None, True), (1, True), (0, False), (-9, False), (-10, True)])
def test_a_pause_has_passed_or_the_clock_was_set_back(since_s, passed):
    since = None if since_s is None else START + since_s * SECOND

    assert has_passed(since, 10 * SECOND, START) is passed
