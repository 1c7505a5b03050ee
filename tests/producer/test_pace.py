"""The mechanism of pacing, and what is learnt for it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.hourly_rates import HOURS, HourlyRates
from producer.pace import Contender, last_call_kept_until, turns
from producer.quota import next_reset
from producer.rhythm import note, rates
from schemas import Rhythm, Window
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW = next_reset(START)
RESET = next_reset(NOW)


def flat(per_day: float) -> HourlyRates:
    return HourlyRates([per_day / 86400] * HOURS)


def test_alone_it_is_served_so_that_the_calls_last_until_the_reset():
    [turn] = turns([Contender("a", flat(10), NOW)], 100, RESET, NOW).values()

    assert turn.due_at - NOW == pytest.approx(14.3 * MINUTE, abs=MINUTE)
    assert turn.expected_delay_s == pytest.approx(7.2 * 60, abs=40)


def test_density_goes_with_the_root_of_the_rate():
    planned = turns([Contender("busy", flat(100), NOW), Contender("quiet", flat(25), NOW)], 300, RESET, NOW)

    assert planned["quiet"].expected_delay_s == pytest.approx(2 * planned["busy"].expected_delay_s, rel=0.01)


def test_what_costs_more_is_served_more_rarely():
    planned = turns([Contender("a", flat(50), NOW, 4.0), Contender("b", flat(50), NOW, 1.0)], 300, RESET, NOW)

    assert planned["a"].expected_delay_s == pytest.approx(2 * planned["b"].expected_delay_s, rel=0.01)


def test_a_new_one_is_due_at_once_and_a_quiet_one_is_served_once_a_day():
    quiet = Contender("quiet", flat(0.001), NOW)
    planned = turns([Contender("new", flat(1), None), quiet, Contender("busy", flat(1e4), NOW)], 100, RESET, NOW)

    assert planned["new"].due_at == NOW
    assert planned["quiet"].due_at <= NOW + DAY


def test_the_last_call_is_kept_for_the_last_ten_minutes():
    assert last_call_kept_until(2, RESET, NOW) == NOW
    assert last_call_kept_until(1, RESET, NOW) == RESET - 10 * MINUTE
    assert last_call_kept_until(1, RESET, RESET - MINUTE) == RESET - MINUTE


@given(
    rates_=st.lists(st.floats(0.001, 1e4), min_size=1, max_size=30),
    ages=st.lists(st.none() | st.integers(0, 200_000), min_size=30, max_size=30),
    left=st.integers(0, 10_000),
    seconds=st.integers(0, 86_399),
)
def test_every_contender_has_a_turn_whatever_there_is(rates_, ages, left, seconds):
    now = NOW + timedelta(seconds=seconds)
    contenders = [
        Contender(str(number), flat(rate), None if age is None else now - timedelta(seconds=age))
        for number, (rate, age) in enumerate(zip(rates_, ages, strict=False))
    ]

    planned = turns(contenders, left, RESET, now, shortest=MINUTE)

    assert planned.keys() == {each.id for each in contenders}
    assert all(turn.expected_delay_s >= 0 for turn in planned.values())
    assert all(turn.due_at <= now for each in contenders if each.last is None for turn in [planned[each.id]])


def test_a_rhythm_of_the_day_is_learnt():
    rhythm = Rhythm()
    for day in range(10):
        start = START + day * DAY
        times = [start + 18 * HOUR + 5 * MINUTE * number for number in range(12)]
        rhythm = note(rhythm, [Window(start=start, end=start + DAY - timedelta(seconds=1))], times, start + DAY)

    learnt = rates(rhythm)

    assert learnt.at(START + 18 * HOUR) > 5 * learnt.at(START + 6 * HOUR)
    assert learnt.a_day == pytest.approx(12, rel=0.2)


def test_a_new_level_is_followed_within_two_days():
    rhythm = Rhythm()
    for hour in range(24 * 12):
        start = START + hour * HOUR
        count = 2 if hour < 24 * 10 else 10
        times = [start + MINUTE * number for number in range(count)]
        rhythm = note(rhythm, [Window(start=start, end=start + HOUR - timedelta(seconds=1))], times, start + HOUR)

    assert rates(rhythm).a_day > 150


def test_an_integral_and_its_inverse_agree():
    course = HourlyRates([1 / (hour + 1) for hour in range(HOURS)])
    for hours in (0.2, 5, 23.9, 60):
        end = START + hours * HOUR

        assert course.reached(START, course.between(START, end)) == pytest.approx(end, abs=timedelta(seconds=1))
