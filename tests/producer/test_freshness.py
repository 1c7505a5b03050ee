from datetime import timedelta

import pytest

from producer.freshness import REFRESH_WITHIN, details_are_due, refresh_is_due, units_needed
from tests.producer.model_search import START
from video_index import Freshness

DAY = timedelta(days=1)
NOW = START + 40 * DAY


def stored(videos: int, age: timedelta | None = None) -> Freshness:
    return Freshness(videos=videos, without_details=0, oldest=None if age is None else NOW - age)


@pytest.mark.parametrize(
    ("waiting", "since_last_s", "due"),
    [(0, None, False), (1, None, True), (1, 59, False), (1, 60, True), (49, 30, False), (50, 1, True)],
)
def test_new_videos_are_looked_up_when_a_call_is_full_or_they_waited_a_minute(waiting, since_last_s, due):
    last = None if since_last_s is None else NOW - timedelta(seconds=since_last_s)

    assert details_are_due(waiting, last, NOW) is due


def test_a_clock_that_was_set_back_does_not_put_lookups_off():
    assert details_are_due(1, NOW + DAY, NOW)
    assert refresh_is_due(stored(10, 5 * DAY), NOW + DAY, NOW)


def test_an_empty_index_and_a_fresh_one_need_no_refresh():
    assert not refresh_is_due(stored(0), None, NOW)
    assert not refresh_is_due(stored(5_000, timedelta(hours=20)), None, NOW)


def test_refreshing_is_spread_so_that_everything_comes_round_in_time():
    """11,000 videos take 220 calls, ten each day."""
    videos = stored(11_000, 5 * DAY)

    assert not refresh_is_due(videos, NOW - DAY / 10 + timedelta(seconds=1), NOW)
    assert refresh_is_due(videos, NOW - DAY / 10, NOW)


def test_what_is_about_to_be_too_old_is_refreshed_at_once():
    assert refresh_is_due(stored(10, REFRESH_WITHIN), NOW, NOW)


def test_units_are_kept_back_for_what_is_stored():
    assert units_needed(stored(1_000_000), 1.0) > 1_000_000 / 50 / 25
    assert units_needed(None, 0.0) == 1
