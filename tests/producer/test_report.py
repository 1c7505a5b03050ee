from datetime import timedelta

import pytest

from producer.quota import Bucket
from producer.reach import Unanswered
from producer.report import Forecast, Waiting, subject_status, youtube_away
from schemas import ChannelProgress, Subject, SubjectProgress
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
PROGRESS = SubjectProgress(id="s", found=70, new=50, last_poll_at=START)
CHANNELS = [
    ChannelProgress(id="UC1", subjects={"s": 7, "other": 100}, last_poll_at=START + MINUTE),
    ChannelProgress(id="UC2", subjects={"s": 5}, last_poll_at=START + 2 * MINUTE),
    ChannelProgress(id="UC3", subjects={"s": 0}),
]


def a_subject(query: str) -> Subject:
    return Subject(id="s", query=query, channels=("UC1", "UC4"), since=START, followed_at=START)


def test_of_a_subject_with_a_query_searches_are_told():
    told = subject_status(a_subject("tea"), PROGRESS, Forecast(), CHANNELS)

    assert (told.found, told.new, told.last_poll_at, told.channels) == (70, 50, START, 4)


def test_of_a_subject_of_channels_alone_uploads_are_told_and_when_one_was_last_read():
    told = subject_status(a_subject(""), None, Forecast(), CHANNELS)

    assert (told.found, told.new, told.last_poll_at, told.channels) == (12, 12, START + 2 * MINUTE, 4)


def test_before_a_channel_was_read_nothing_is_told_of_it():
    told = subject_status(a_subject(""), None, Forecast(), [])

    assert (told.found, told.last_poll_at, told.channels) == (0, None, 2)


@pytest.mark.parametrize(
    ("reached", "buckets", "told"),
    [
        (False, set(Bucket), "YouTube cannot be reached"),
        (True, set(Bucket), "YouTube does not answer"),
        (True, {Bucket.SEARCHES}, "YouTube does not answer searches"),
        (True, {Bucket.UNITS}, "YouTube does not answer lookups of videos, channels and keys"),
    ],
)
def test_which_calls_fail_is_told_in_words_and_what_stands_still_meanwhile(reached, buckets, told):
    away = Unanswered(reached=reached, buckets=frozenset(buckets), since=START, reason="why")
    again = {Bucket.SEARCHES: START + MINUTE, Bucket.UNITS: START + 2 * MINUTE}
    by_searches, by_units = (youtube_away(away, again, waiting=None, polls_by=bucket) for bucket in Bucket)

    assert by_searches is not None
    assert by_units is not None
    assert (by_searches.told, by_searches.reason, by_searches.since) == (told, "why", START)
    assert by_searches.tried_again_at == min(again[bucket] for bucket in buckets)
    assert by_searches.stops_polling is (Bucket.SEARCHES in buckets)
    assert by_units.stops_polling is by_units.stops_key_checks is (Bucket.UNITS in buckets)


@pytest.mark.parametrize("reached", [True, False])
def test_polls_that_wait_for_something_else_are_stopped_by_a_youtube_out_of_reach_only(reached):
    away = Unanswered(reached=reached, buckets=frozenset(Bucket), since=START, reason="why")
    told = youtube_away(away, {}, waiting=Waiting("no subject", None), polls_by=Bucket.SEARCHES)

    assert told is not None
    assert told.stops_polling is not reached
    assert told.tried_again_at is None


def test_while_youtube_answers_nothing_is_told():
    assert youtube_away(None, {}, waiting=None, polls_by=Bucket.SEARCHES) is None
