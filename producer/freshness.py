"""What has to be looked up, refreshed or removed: pure decisions.

YouTube's developer policies (III.E.4.b and d) allow data to be kept for 30 days, then it is refreshed or deleted,
and what is gone there has to go here. Refreshing is spread evenly: a fraction of what is stored at a time, the one
refreshed longest ago first, so that all of it comes round within `_SPREAD_OVER`.
"""

from datetime import datetime, timedelta

from producer.clock import has_passed
from video_index import Freshness

LOOKUP_SIZE = 50
"""Ids that one call of `videos.list` takes."""

_SPREAD_OVER = timedelta(days=22)
"""Everything comes round within so long, which leaves time for outages."""

REFRESH_WITHIN = timedelta(days=25)
"""What was not refreshed for so long all the same is refreshed at once."""

REMOVE_AFTER = timedelta(days=27)
"""What could not be refreshed for so long is removed: Kafka takes up to two days more to forget the last value."""

GATHER_FOR = timedelta(seconds=60)
"""How long new videos wait at most until so many have come that one call looks all of them up."""

GONE_AFTER = timedelta(minutes=10)
"""A video that is missing from YouTube's answer is asked for again after this before it is believed to be gone."""

DOUBTFUL_FOR = timedelta(days=1)
"""How long answers without a single one of the videos asked for are doubted."""

_LEAST_AGE = timedelta(days=1)
"""What was refreshed since is fresh enough, however little is stored."""


def details_are_due(waiting: int, last_call: datetime | None, now: datetime) -> bool:
    """Whether the new videos that wait for their details are looked up now."""
    return waiting >= LOOKUP_SIZE or (waiting > 0 and has_passed(last_call, GATHER_FOR, now))


def refresh_is_due(stored: Freshness, last_call: datetime | None, now: datetime) -> bool:
    """Whether the videos refreshed longest ago are refreshed now."""
    if stored.oldest is None or now - stored.oldest < _LEAST_AGE:
        return False
    pause = _SPREAD_OVER * LOOKUP_SIZE / max(stored.videos, 1)
    return now - stored.oldest >= REFRESH_WITHIN or has_passed(last_call, pause, now)


def refreshed_before(now: datetime) -> datetime:
    """What was refreshed later is left out of a refresh."""
    return now - _LEAST_AGE


def units_needed(stored: Freshness | None, left_of_day: float) -> int:
    """Units to keep back for lookups in the part of the day (0 to 1) that is left."""
    videos = stored.videos if stored else 0
    calls_a_day = videos / LOOKUP_SIZE / (_SPREAD_OVER / timedelta(days=1)) * 1.2 + _NEW_A_DAY
    return int(calls_a_day * left_of_day) + 1


_NEW_A_DAY = timedelta(days=1) / GATHER_FOR / 2
