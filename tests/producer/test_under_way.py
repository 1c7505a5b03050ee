from datetime import timedelta

from producer.under_way import UnderWay
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_the_pause_doubles_up_to_a_day_as_long_as_there_is_no_effect():
    under_way = UnderWay()
    now, pauses = START, []
    for _ in range(12):
        under_way.asked(["a"], now)
        before = now
        while not under_way.others(["a"], now):
            now += MINUTE
        pauses.append(now - before)

    assert pauses == [*(2**n * MINUTE for n in range(1, 11)), DAY, DAY]


def test_what_shows_its_effect_may_be_asked_for_at_once_and_starts_anew():
    under_way = UnderWay()
    under_way.asked(["a"], START)
    under_way.asked(["a"], START + 2 * MINUTE)

    under_way.done(["a", "unknown"])
    assert under_way.others(["a"], START) == ["a"]

    under_way.asked(["a"], START)
    assert under_way.others(["a"], START + 2 * MINUTE) == ["a"]


def test_a_rest_lasts_as_long_as_it_says_however_often():
    under_way = UnderWay()
    for round_ in range(3):
        now = START + round_ * 10 * MINUTE
        assert under_way.others(["a"], now) == ["a"]
        under_way.rest(["a"], 10 * MINUTE, now)
        assert under_way.resting(now) == 1


def test_what_was_not_asked_for_again_is_forgotten():
    under_way = UnderWay()
    under_way.asked(["a"], START)

    under_way.forget_old(START + 3 * MINUTE)
    assert under_way.known(["a", "b"]) == {"a"}

    under_way.forget_old(START + 4 * MINUTE)
    assert len(under_way) == 0


def test_a_clock_that_was_set_back_does_not_make_anything_rest_longer():
    under_way = UnderWay()
    under_way.asked(["a"], START)

    assert under_way.others(["a"], START - DAY) == ["a"]
