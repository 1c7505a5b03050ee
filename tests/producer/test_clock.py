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


def test_a_clock_is_confirmed_by_the_first_answer_that_agrees_not_before():
    clock = SystemClock(Event(), lambda: START)
    assert not clock.confirmed

    clock.set_by(START + 7200 * SECOND)

    assert clock.confirmed


def test_a_clock_weeks_ahead_is_not_confirmed_until_it_was_set():
    clock = SystemClock(Event(), lambda: START + timedelta(days=28))

    confirmed = []
    for _ in range(20):
        clock.set_by(START)
        confirmed.append(clock.confirmed)

    assert confirmed == [False] * 19 + [True]
    assert clock.now() == START


def test_a_date_that_is_not_believed_puts_off_what_needs_a_confirmed_clock():
    clock = SystemClock(Event(), lambda: START)
    clock.set_by(START)

    clock.set_by(START + timedelta(days=40))
    assert not clock.confirmed

    clock.set_by(START)
    assert clock.confirmed


def test_a_clock_that_jumps_ahead_after_it_was_confirmed_is_so_no_more():
    moment, uptime_s = [START], [100.0]
    clock = SystemClock(Event(), lambda: moment[0], lambda: uptime_s[0])
    clock.set_by(START)

    moment[0] += timedelta(hours=2)
    uptime_s[0] += 7200
    assert clock.confirmed

    moment[0] += timedelta(days=28)
    assert not clock.confirmed


@pytest.mark.parametrize("date", [None, START - timedelta(days=40)])
def test_a_clock_that_youtube_says_nothing_of_for_a_day_is_gone_by(date):
    uptime_s = [100.0]
    clock = SystemClock(Event(), lambda: START, lambda: uptime_s[0])
    if date is not None:
        clock.set_by(date)

    uptime_s[0] += 86_399
    assert not clock.confirmed

    uptime_s[0] += 1
    assert clock.confirmed


@pytest.mark.parametrize(("since_s", "passed"), [(None, True), (1, True), (0, False), (-9, False), (-10, True)])
def test_a_pause_has_passed_or_the_clock_was_set_back(since_s, passed):
    since = None if since_s is None else START + since_s * SECOND

    assert has_passed(since, 10 * SECOND, START) is passed
