from datetime import timedelta

import pytest

from producer.errors import BurstError, UnavailableError
from producer.quota import Bucket
from producer.reach import VIDEOS, CallPurpose, Reach, Unanswered
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
TEA, JAM, RYE, KEY = (
    CallPurpose("subject/tea"),
    CallPurpose("subject/jam"),
    CallPurpose("subject/rye"),
    CallPurpose("api-key/1"),
)
UNPLUGGED = UnavailableError("unplugged", sent=False)
BROKEN = UnavailableError("HTTP 503", sent=True)
SEARCHES, UNITS = Bucket.SEARCHES, Bucket.UNITS


def reach_that_answered(*asked: CallPurpose, bucket: Bucket = SEARCHES) -> Reach:
    reach = Reach()
    for each in asked:
        reach.answered(bucket, each)
    return reach


def test_at_first_nothing_is_known_to_be_wrong():
    assert Reach().away() is None
    assert not Reach().has_failures


def test_one_call_that_does_not_reach_youtube_tells_of_all_from_then_on():
    reach = reach_that_answered(TEA, JAM)
    reach.failed(SEARCHES, TEA, UNPLUGGED, START)
    reach.failed(UNITS, KEY, UnavailableError("no name", sent=False), START + MINUTE)

    assert reach.away() == Unanswered(False, frozenset(Bucket), START, "no name")


@pytest.mark.parametrize("bucket", list(Bucket))
def test_any_answer_shows_that_youtube_is_reached(bucket):
    reach = Reach()
    reach.failed(SEARCHES, TEA, UNPLUGGED, START)
    reach.answered(bucket, VIDEOS)

    assert reach.away() is None


@pytest.mark.parametrize("error", [BROKEN, BurstError("HTTP 503")])
def test_where_nothing_else_was_answered_the_first_failure_tells_of_all_of_its_bucket(error):
    reach = reach_that_answered(KEY, bucket=UNITS)
    reach.failed(SEARCHES, TEA, error, START)

    assert reach.away() == Unanswered(True, frozenset({SEARCHES}), START, "HTTP 503")
    reach.answered(UNITS, KEY)
    assert reach.away() is not None, "searches alone may fail"
    reach.answered(SEARCHES, TEA)
    assert reach.away() is None


def test_one_thing_that_fails_beside_others_that_are_answered_tells_nothing_of_all():
    reach = reach_that_answered(TEA, JAM)
    for minute in range(3):
        reach.failed(SEARCHES, TEA, BROKEN, START + minute * MINUTE)
        assert reach.away() is None
    reach.answered(SEARCHES, JAM)
    reach.failed(SEARCHES, TEA, BROKEN, START + 5 * MINUTE)

    assert reach.away() is None
    assert reach.has_failures


def test_two_things_that_fail_with_no_answer_in_between_tell_of_all_since_the_first():
    reach = reach_that_answered(TEA, JAM, RYE)
    reach.failed(SEARCHES, TEA, BROKEN, START)
    reach.failed(SEARCHES, JAM, BROKEN, START + MINUTE)

    away = reach.away()
    assert away is not None
    assert away.since == START
    reach.answered(SEARCHES, RYE)
    assert reach.away() is None


def test_what_failed_before_the_last_answer_is_no_sign_of_an_outage_but_the_last_that_was_answered_is():
    reach = reach_that_answered(TEA, JAM)
    reach.failed(SEARCHES, TEA, BROKEN, START)
    reach.answered(SEARCHES, JAM)
    reach.failed(SEARCHES, TEA, BROKEN, START + MINUTE)
    assert reach.away() is None

    reach.failed(SEARCHES, JAM, BROKEN, START + 2 * MINUTE)
    away = reach.away()
    assert away is not None
    assert away.since == START + 2 * MINUTE


def test_searches_and_other_calls_may_both_fail():
    reach = Reach()
    reach.failed(UNITS, VIDEOS, BROKEN, START)
    reach.failed(SEARCHES, TEA, BROKEN, START + MINUTE)

    assert reach.away() == Unanswered(True, frozenset(Bucket), START, "HTTP 503")


@pytest.mark.parametrize("error", [BROKEN, UNPLUGGED])
def test_what_is_asked_for_no_more_is_forgotten(error):
    reach = Reach()
    reach.failed(SEARCHES, TEA, error, START)
    reach.failed(UNITS, VIDEOS, error, START)
    reach.forget(lambda asked: asked != TEA)
    assert reach.away() is not None

    reach.settle(UNITS, VIDEOS)
    assert reach.away() is None
    assert not reach.has_failures
