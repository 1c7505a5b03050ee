from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.keys import Budget
from producer.polls import Failure, Kind, Pacing, Poll, Reason, Wait
from producer.quota import next_reset
from producer.rhythm import note
from producer.schedule import newest_gap, next_action, plan
from schemas import Rhythm, Subject, SubjectProgress, Window
from tests.producer.model_search import START

NOW = START + timedelta(days=10)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
OVERLAP = 2 * HOUR
EVERY_TEN_MINUTES = Pacing(10 * MINUTE, OVERLAP)
BY_QUOTA = Pacing(None, OVERLAP)


def a_subject(name: str = "tea", since: datetime = START, followed_at: datetime = START) -> Subject:
    return Subject(id=name, query=name, since=since, followed_at=followed_at)


def a_budget(left: int = 100, per_day: int = 100, keys: int = 1, now: datetime = NOW) -> Budget:
    return Budget(keys, left, per_day, next_reset(now))


def a_failure(rest: timedelta, served_at: datetime | None = None) -> Failure:
    return Failure(NOW + rest, served_at, "it failed")


def progress(
    *covered: tuple[datetime, datetime],
    name: str = "tea",
    polled: datetime | None = None,
    gap_polled: datetime | None = None,
) -> dict[str, SubjectProgress]:
    windows = tuple(Window(start=start, end=end) for start, end in covered)
    return {
        name: SubjectProgress(id=name, covered=windows, last_poll_at=polled, last_gap_poll_at=gap_polled),
    }


def decide(
    *subjects: Subject,
    known: Mapping[str, SubjectProgress] | None = None,
    budget: Budget | None = None,
    pacing: Pacing = EVERY_TEN_MINUTES,
    **options,
) -> Poll | Wait:
    return next_action(subjects, known or {}, budget or a_budget(), NOW, pacing, **options)


def test_without_subjects_keys_or_searches_it_waits_and_says_for_what():
    assert decide() == Wait(next_reset(NOW), Reason.NO_SUBJECT)
    assert decide(a_subject(), budget=a_budget(0, 0, keys=0)) == Wait(next_reset(NOW), Reason.NO_KEY)
    assert decide(a_subject(), budget=a_budget(0)) == Wait(next_reset(NOW), Reason.QUOTA_USED_UP)


def test_a_new_subject_is_searched_from_its_since_to_now_but_no_farther_back_than_a_week():
    near = a_subject(since=NOW - 3 * DAY)

    assert decide(near) == Poll(
        near, Window(start=NOW - 3 * DAY, end=NOW), Kind.LIVE, confirm_empty=True, most_pages=100
    )
    assert decide(a_subject()).window == Window(start=NOW - 7 * DAY, end=NOW)


def test_of_many_new_subjects_each_takes_its_share_of_the_searches_at_first():
    assert decide(*(a_subject(name) for name in "abcde")).most_pages == 20
    assert decide(*(a_subject(str(number)) for number in range(500))).most_pages == 1


def test_a_busy_subject_asks_for_no_page_of_what_it_needs_not():
    polled = NOW - HOUR
    busy = note(Rhythm(), [Window(start=START, end=polled)], [START + MINUTE * n for n in range(14_000)], NOW)
    [known] = progress((START, polled), polled=polled).values()
    known = known.model_copy(update={"rhythm": busy, "last_deep_poll_at": polled})

    action = decide(a_subject(), known={"tea": known}, pacing=BY_QUOTA)

    assert isinstance(action, Poll)
    assert action.window.start < polled
    assert action.needed == Window(start=polled + SECOND, end=NOW)
    assert not action.is_deep(action.needed)


def test_without_a_past_all_searches_of_the_day_are_for_live_polls():
    """Also when there are more than its hours would have of them, as on the day the producer is first started."""
    known = progress((START, NOW), polled=NOW)

    many, few = (decide(a_subject(), known=known, budget=a_budget(left), pacing=BY_QUOTA) for left in (99, 24))

    assert many.until - NOW < (few.until - NOW) / 3


def test_the_past_takes_no_page_that_live_polls_are_to_have():
    subject = a_subject(since=START, followed_at=NOW - HOUR)
    known = progress((NOW - 2 * HOUR, NOW), polled=NOW)

    assert decide(subject, known=known, budget=a_budget(30)).most_pages == 6


def test_of_new_subjects_the_one_followed_first_comes_first():
    later, first = a_subject("a", followed_at=NOW - HOUR), a_subject("b", followed_at=NOW - 2 * HOUR)

    assert decide(later, first).subject == first


def test_a_new_subject_goes_before_those_that_are_due():
    known = progress((START, NOW - HOUR), name="old", polled=NOW - HOUR)

    assert decide(a_subject("old"), a_subject("new", followed_at=NOW), known=known).subject.id == "new"


def test_a_subject_is_due_again_after_the_interval():
    polled = NOW - 10 * MINUTE
    known = progress((START, polled), polled=polled)

    action = decide(a_subject(), known=known)

    assert isinstance(action, Poll)
    assert action.window == Window(start=polled - OVERLAP, end=NOW)
    assert not action.confirm_empty


def test_until_then_nothing_is_due():
    polled = NOW - 10 * MINUTE + SECOND

    assert decide(a_subject(), known=progress((START, polled), polled=polled)) == Wait(
        NOW + SECOND, Reason.NOTHING_DUE
    )


def test_the_subject_that_waits_longest_comes_first():
    known = progress((START, NOW - HOUR), name="a", polled=NOW - HOUR) | progress(
        (START, NOW - 2 * HOUR), name="b", polled=NOW - 2 * HOUR
    )

    assert decide(a_subject("a"), a_subject("b"), known=known).subject.id == "b"


def test_a_since_in_the_future_is_waited_for():
    assert decide(a_subject(since=NOW + SECOND)) == Wait(next_reset(NOW), Reason.NOTHING_DUE)
    assert isinstance(decide(a_subject(since=NOW)), Poll)


def test_what_rests_is_not_chosen_before_its_time():
    polled = NOW - HOUR
    known = progress((START, polled - HOUR), (polled, polled), polled=polled)
    live = {("tea", Kind.LIVE): a_failure(rest=3 * MINUTE)}
    gap = {("tea", Kind.GAP): a_failure(rest=2 * MINUTE)}

    assert decide(a_subject(), known=known, failures=live).kind is Kind.GAP
    assert decide(a_subject(), known=known, failures=live | gap) == Wait(NOW + 2 * MINUTE, Reason.NOTHING_DUE)


def test_a_poll_that_failed_on_its_own_waits_for_its_next_turn():
    known = progress((START, NOW - DAY), polled=NOW - DAY)
    its_own = {("tea", Kind.LIVE): a_failure(rest=SECOND, served_at=NOW)}

    assert decide(a_subject(), known=known, failures=its_own) == Wait(NOW + 10 * MINUTE, Reason.NOTHING_DUE)
    assert decide(a_subject(), failures=its_own) == Wait(NOW + 10 * MINUTE, Reason.NOTHING_DUE)
    assert decide(a_subject(), known=known, failures={("tea", Kind.LIVE): a_failure(rest=-SECOND)}).kind is Kind.LIVE


def test_many_new_subjects_take_half_of_a_day_and_leave_the_others_theirs():
    known = progress((START, NOW - 5 * DAY), name="old", polled=NOW - 5 * DAY)
    begun = {
        name: each.model_copy(update={"first_poll_at": NOW - HOUR})
        for number in range(50)
        for name, each in progress((START, NOW), name=f"begun{number}", polled=NOW - MINUTE).items()
    }
    new = [a_subject(f"new{number}") for number in range(60)]
    day = {"pacing": BY_QUOTA, "budget": a_budget(90)}

    assert decide(a_subject("old"), *new, known=known, **day).subject.id == "new0"
    assert decide(a_subject("old"), *map(a_subject, begun), *new, known=known | begun, **day).subject.id == "old"
    assert (
        decide(a_subject("old"), *map(a_subject, begun), *new[:45], known=known | begun, **day).subject.id == "new0"
    )
    assert decide(*new, **day).subject.id == "new0"


def test_the_plan_tells_when_what_rests_is_polled_next():
    known = progress((START, NOW), polled=NOW)
    failures = {("tea", Kind.LIVE): a_failure(rest=5 * HOUR)}

    planned = plan([a_subject()], known, a_budget(), NOW, BY_QUOTA, failures=failures)

    assert planned["tea"].due_at == NOW + 5 * HOUR


def test_the_last_search_of_a_day_is_for_no_poll_that_takes_two():
    evening = next_reset(NOW) - 5 * MINUTE
    budget = Budget(1, 1, 100, next_reset(NOW))

    assert next_action([a_subject()], {}, budget, evening, BY_QUOTA) == Wait(next_reset(NOW), Reason.NOTHING_DUE)


def test_a_poll_noted_in_the_future_by_a_wrong_clock_holds_nothing_up():
    known = progress((START, NOW + 900 * HOUR), polled=NOW + 900 * HOUR, gap_polled=NOW + 900 * HOUR)

    action = decide(a_subject(), known=known)

    assert isinstance(action, Poll)
    assert action.window == Window(start=NOW - OVERLAP, end=NOW)


def test_after_a_long_pause_an_empty_window_has_to_be_confirmed():
    """The next poll looks again into the overlap only."""
    polled = NOW - OVERLAP - 2 * SECOND

    assert decide(a_subject(), known=progress((START, polled), polled=polled)).confirm_empty


def test_not_where_the_next_poll_looks_back_farther_than_that():
    """As it does without an interval, of a quiet subject: two days."""
    recent, long_ago = NOW - DAY, NOW - 3 * DAY

    assert not decide(a_subject(), known=progress((START, recent), polled=recent), pacing=BY_QUOTA).confirm_empty
    assert decide(a_subject(), known=progress((START, long_ago), polled=long_ago), pacing=BY_QUOTA).confirm_empty


# --- gaps


def test_between_polls_the_newest_gap_is_worked_on():
    known = progress((START + HOUR, START + 2 * HOUR), (START + 5 * HOUR, NOW), polled=NOW)

    action = decide(a_subject(), known=known)

    assert action == Poll(
        a_subject(),
        Window(start=START + 2 * HOUR + SECOND, end=START + 5 * HOUR - SECOND),
        Kind.GAP,
        confirm_empty=True,
        most_pages=88,
    )


def test_a_live_poll_that_is_due_goes_first():
    known = progress((START + HOUR, NOW - HOUR), polled=NOW - HOUR)

    assert decide(a_subject(), known=known).kind is Kind.LIVE


def test_gaps_go_on_at_once_while_the_day_can_bear_it_and_else_when_it_can():
    """Seven hours are left: 24 searches for live polls, and 6 for the past."""
    known = progress((START + HOUR, NOW), polled=NOW, gap_polled=NOW - MINUTE)

    assert decide(a_subject(), known=known, budget=a_budget(13)).kind is Kind.GAP
    later = decide(a_subject(), known=known, budget=a_budget(11))
    assert isinstance(later, Wait)
    assert later.until == NOW + 10 * MINUTE


def test_the_past_has_a_share_of_the_day_and_what_live_polls_leave_over():
    subject = a_subject(since=START, followed_at=NOW - HOUR)
    known = progress((NOW - 2 * HOUR, NOW), polled=NOW)

    action = decide(subject, known=known, budget=a_budget(25))
    assert isinstance(action, Poll)
    assert (action.kind, action.window.end) == (Kind.PAST, NOW - 2 * HOUR - SECOND)
    assert isinstance(decide(subject, known=known, budget=a_budget(23)), Wait)
    alone = Pacing(10 * MINUTE, OVERLAP, backfill_share=0.0)
    assert isinstance(decide(subject, known=known, budget=a_budget(29), pacing=alone), Wait)
    assert isinstance(decide(subject, known=known, budget=a_budget(30), pacing=alone), Poll)


def test_live_polls_are_as_frequent_with_a_past_as_the_share_allows():
    known = progress((NOW - 2 * HOUR, NOW), polled=NOW)
    resting = {("tea", Kind.PAST): a_failure(rest=DAY)}

    on_pace = {"known": known, "budget": a_budget(29), "pacing": BY_QUOTA}  # as many as seven hours may have of a day

    without = decide(a_subject(since=NOW - HOUR, followed_at=NOW - HOUR), **on_pace)
    beside = decide(a_subject(followed_at=NOW - HOUR), **on_pace, failures=resting)

    assert beside.until - NOW <= 1.3 * (without.until - NOW)


def test_the_gap_served_longest_ago_comes_first():
    known = progress((START + HOUR, NOW), name="a", polled=NOW, gap_polled=NOW - MINUTE) | progress(
        (START + HOUR, NOW), name="b", polled=NOW, gap_polled=NOW - 2 * MINUTE
    )

    assert decide(a_subject("a"), a_subject("b"), known=known).subject.id == "b"


def test_an_earlier_since_is_a_gap_and_a_later_one_is_none():
    [known] = progress((START + HOUR, NOW)).values()

    assert newest_gap(a_subject(), known, NOW) == Window(start=START, end=START + HOUR - SECOND)
    assert newest_gap(a_subject(since=START + 2 * HOUR), known, NOW) is None
    assert newest_gap(a_subject(since=NOW + HOUR), known, NOW) is None


def test_of_a_subject_never_polled_nothing_is_a_gap():
    assert newest_gap(a_subject(), SubjectProgress(id="tea"), NOW) is None


# --- pace


def test_without_an_interval_the_searches_of_the_day_last_until_the_reset():
    now, left = next_reset(NOW), 100
    reset = next_reset(now)
    polls = []
    known = progress((START, now), polled=now)
    while True:
        action = next_action([a_subject()], known, Budget(1, left, 100, reset), now, BY_QUOTA)
        if isinstance(action, Wait):
            if action.until >= reset or not left:
                break
            now = max(action.until, now + SECOND).replace(microsecond=0)
            continue
        polls.append(now)
        known, left = progress((START, now), polled=now), left - 1

    pauses = [later - earlier for earlier, later in pairwise(polls)]
    assert 95 <= len(polls) <= 100
    assert max(pauses) < 20 * MINUTE
    assert reset - polls[-1] < 20 * MINUTE


@pytest.mark.parametrize("left", [1, 2, 50, 100_000])
def test_however_many_searches_are_left_a_subject_rests_for_some_seconds(left):
    known = progress((START, NOW), polled=NOW)

    action = decide(a_subject(), known=known, budget=a_budget(left, 100_000), pacing=BY_QUOTA)

    assert isinstance(action, Wait)
    assert action.until >= NOW + 10 * SECOND
    assert action.until <= next_reset(NOW)


def test_more_subjects_are_each_polled_more_rarely():
    known = {name: each for name in "abcd" for each in progress((START, NOW), name=name, polled=NOW).values()}

    alone = decide(a_subject("a"), known=known, pacing=BY_QUOTA)
    together = decide(*(a_subject(name) for name in "abcd"), known=known, pacing=BY_QUOTA)

    assert together.until - NOW > 3.5 * (alone.until - NOW)


seconds = st.integers(-400_000, 1_400_000).map(lambda second: START + timedelta(seconds=second))
spans = st.tuples(seconds, seconds).map(sorted)


@given(
    since=seconds,
    covered=st.lists(spans, max_size=4),
    polled=st.none() | seconds,
    gap_polled=st.none() | seconds,
    left=st.integers(0, 300),
    pacing=st.sampled_from([EVERY_TEN_MINUTES, BY_QUOTA]),
)
def test_whatever_was_noted_it_searches_in_the_past_from_since_on_or_waits_for_later(
    *, since, covered, polled, gap_polled, left, pacing
):
    known = progress(*covered, polled=polled, gap_polled=gap_polled)

    action = decide(a_subject(since=since), known=known, budget=a_budget(left), pacing=pacing)

    if isinstance(action, Wait):
        assert action.until > NOW
    else:
        assert since <= action.window.start <= action.window.end <= NOW
        assert left
