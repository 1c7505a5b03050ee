from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.quota import (
    Bucket,
    Limit,
    calls_left,
    exhaust,
    give_back,
    ledger_of_today,
    next_reset,
    pacific_day,
    reserve,
)
from schemas import ProjectQuota, parse_utc

LIMIT = Limit(100)
SEARCHES = Bucket.SEARCHES
NOON = parse_utc("2026-03-01T20:00:00Z")
TODAY = date(2026, 3, 1)
MIDNIGHT = parse_utc("2026-03-01T08:00:00Z")
MINUTE = timedelta(minutes=1)


def left(ledger: ProjectQuota, now: datetime) -> int:
    return calls_left([ledger], SEARCHES, LIMIT, now)


moments = st.datetimes(datetime(2005, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("now", "day", "reset"),
    [
        ("2026-01-15T07:59:59Z", date(2026, 1, 14), "2026-01-15T08:00:00Z"),
        ("2026-01-15T08:00:00Z", date(2026, 1, 15), "2026-01-16T08:00:00Z"),
        ("2026-07-15T06:59:59Z", date(2026, 7, 14), "2026-07-15T07:00:00Z"),
        ("2026-07-15T07:00:00Z", date(2026, 7, 15), "2026-07-16T07:00:00Z"),
        # 8 March 2026 has 23 hours, 1 November 2026 has 25.
        ("2026-03-08T07:59:59Z", date(2026, 3, 7), "2026-03-08T08:00:00Z"),
        ("2026-03-08T08:00:00Z", date(2026, 3, 8), "2026-03-09T07:00:00Z"),
        ("2026-11-01T06:59:59Z", date(2026, 10, 31), "2026-11-01T07:00:00Z"),
        ("2026-11-01T07:00:00Z", date(2026, 11, 1), "2026-11-02T08:00:00Z"),
        ("2026-11-02T07:59:59Z", date(2026, 11, 1), "2026-11-02T08:00:00Z"),
    ],
)
def test_the_day_ends_at_midnight_pacific_time(now, day, reset):
    assert pacific_day(parse_utc(now)) == day
    assert next_reset(parse_utc(now)) == parse_utc(reset)


@given(moments)
def test_the_reset_is_where_the_next_day_begins_and_never_far(now):
    reset = next_reset(now)

    assert timedelta() < reset - now <= timedelta(hours=25)
    assert pacific_day(reset) == pacific_day(now) + timedelta(days=1)
    assert pacific_day(reset - timedelta(seconds=1)) == pacific_day(now)


def test_a_project_never_seen_has_a_fresh_ledger():
    assert ledger_of_today(None, "p", NOON) == ProjectQuota(id="p", day=TODAY)


@pytest.mark.parametrize(("days", "spent"), [(-400, 0), (-1, 0), (0, 7), (1, 7), (2, 0), (400, 0)])
def test_a_ledger_counts_on_its_day_and_on_the_day_before_but_on_no_other(days, spent):
    """A clock that is set back over midnight must not spend twice; one that was years ahead must not block."""
    ledger = ProjectQuota(id="p", day=TODAY + timedelta(days=days), searches=7)

    assert ledger_of_today(ledger, "p", NOON).searches == spent


def test_every_reservation_leaves_one_less_until_none_is_left():
    ledger = ledger_of_today(None, "p", NOON)
    counted = []
    while left(ledger, NOON):
        ledger = reserve(ledger, SEARCHES, LIMIT)
        counted.append(left(ledger, NOON))

    assert counted == list(range(99, -1, -1))


def test_a_search_that_was_never_sent_is_given_back():
    ledger = reserve(reserve(ledger_of_today(None, "p", NOON), SEARCHES, LIMIT), SEARCHES, LIMIT)

    assert give_back(ledger, SEARCHES, LIMIT).searches == 1


def test_more_spent_than_there_is_leaves_none():
    assert left(ProjectQuota(id="p", day=TODAY, searches=250), NOON) == 0


@pytest.mark.parametrize(("per_day", "cost", "searches"), [(100, 1, 100), (10_000, 100, 100), (99, 50, 1), (5, 5, 1)])
def test_the_cost_of_a_search_says_how_many_the_bucket_holds(per_day, cost, searches):
    assert Limit(per_day, cost).calls == searches


def test_what_youtube_says_is_used_up_is_used_up_whatever_was_counted_here():
    ledger = exhaust(ProjectQuota(id="p", day=TODAY, searches=3), SEARCHES, NOON)

    assert left(ledger, NOON) == 0
    assert left(ledger, next_reset(NOON) - MINUTE) == 0
    assert left(ledger_of_today(ledger, "p", next_reset(NOON)), next_reset(NOON)) == 100


def test_said_right_after_midnight_it_is_believed_for_a_quarter_of_an_hour_only():
    ledger = exhaust(ProjectQuota(id="p", day=TODAY, searches=1), SEARCHES, MIDNIGHT + MINUTE)

    assert left(ledger, MIDNIGHT + 14 * MINUTE) == 0
    assert left(ledger, MIDNIGHT + 15 * MINUTE) == 99


def test_said_again_after_that_it_is_believed_for_the_day():
    ledger = exhaust(ProjectQuota(id="p", day=TODAY, searches=2), SEARCHES, MIDNIGHT + 15 * MINUTE)

    assert left(ledger, MIDNIGHT + 16 * MINUTE) == 0
    assert left(ledger, next_reset(MIDNIGHT) - MINUTE) == 0


def test_said_at_an_unknown_time_it_is_believed_for_the_day():
    ledger = ProjectQuota(id="p", day=TODAY, searches_exhausted=True)

    assert left(ledger, NOON) == 0


def test_the_buckets_are_apart():
    ledger = reserve(ProjectQuota(id="p", day=TODAY), Bucket.UNITS, Limit(10_000, cost=3))

    assert (ledger.searches, ledger.units) == (0, 3)
    assert calls_left([exhaust(ledger, Bucket.UNITS, NOON)], Bucket.UNITS, Limit(10_000), NOON) == 0
    assert left(exhaust(ledger, Bucket.UNITS, NOON), NOON) == 100


def test_ledgers_of_one_project_are_spent_together():
    ledgers = [ProjectQuota(id="a", day=TODAY, searches=30), ProjectQuota(id="b", day=TODAY, searches=60)]

    assert calls_left(ledgers, SEARCHES, LIMIT, NOON) == 10
    assert calls_left([ledgers[0], exhaust(ledgers[1], SEARCHES, NOON)], SEARCHES, LIMIT, NOON) == 0


@given(
    st.integers(1, 50),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from(Bucket), st.integers(0, 300), st.sampled_from(["sent", "unsent", "429"]))),
)
def test_whatever_happens_in_whatever_order_no_day_is_overspent(per_day, cost, calls):
    """Each call may come after a pause of so many minutes, and be refused, or never leave."""
    limit, now, ledger = Limit(per_day, cost), NOON, None
    sent: dict[tuple[Bucket, date], int] = {}
    for bucket, minutes, fate in calls:
        now += minutes * MINUTE
        today = ledger_of_today(ledger, "p", now)
        if not calls_left([today], bucket, limit, now):
            ledger = today
            continue
        ledger = reserve(today, bucket, limit)
        if fate == "unsent":
            ledger = give_back(ledger, bucket, limit)
            continue
        sent[bucket, pacific_day(now)] = sent.get((bucket, pacific_day(now)), 0) + cost
        if fate == "429":
            ledger = exhaust(ledger, bucket, now)

    assert all(amount <= per_day for amount in sent.values())
