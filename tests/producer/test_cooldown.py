from datetime import timedelta

from producer.cooldown import Cooldown
from producer.polls import Failure, Kind, Poll
from schemas import Subject, Window
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
TEA = Subject(id="tea", query="tea", since=START, followed_at=START)
JAM = Subject(id="jam", query="jam", since=START, followed_at=START)
SUBJECTS = {"tea": TEA, "jam": JAM}


def a_poll(subject: Subject = TEA, kind: Kind = Kind.LIVE) -> Poll:
    return Poll(subject, Window(start=START, end=START), kind, confirm_empty=False)


def rested(rest: Cooldown, poll: Poll) -> timedelta:
    """How long the poll rests from START on."""
    return rest.failures(SUBJECTS, START)[poll.subject.id, poll.kind].rests_until - START


def test_at_first_nothing_rests():
    rest = Cooldown()

    assert rest.seconds_left(START) == 0
    assert rest.failures(SUBJECTS, START) == {}


def test_everything_rests_until_its_time():
    rest = Cooldown()
    rest.everything(START, START + MINUTE)

    assert rest.seconds_left(START) == 60
    assert rest.seconds_left(START + timedelta(seconds=59)) == 1
    assert rest.seconds_left(START + MINUTE) == 0


def test_a_clock_that_is_set_back_ends_every_rest():
    rest = Cooldown()
    rest.everything(START, START + MINUTE)
    rest.poll(a_poll(), START, START + MINUTE, "of no use")
    rest.failed(a_poll(JAM), START - timedelta(days=901), "away")
    rest.failed(a_poll(JAM), START, "away")
    before = START - timedelta(days=900)

    assert rest.seconds_left(before) == 0
    assert rest.failures(SUBJECTS, before) == {}


def test_a_poll_rests_and_the_other_kind_and_the_other_subjects_do_not():
    rest = Cooldown()
    rest.poll(a_poll(kind=Kind.GAP), START, START + MINUTE, "of no use")

    assert rest.failures(SUBJECTS, START) == {("tea", Kind.GAP): Failure(START + MINUTE, START, "of no use")}


def test_a_subject_rests_with_all_kinds_of_poll():
    rest = Cooldown()
    rest.subject(TEA, START, START + MINUTE, "refused")

    assert rest.failures(SUBJECTS, START).keys() == {("tea", kind) for kind in Kind}


def test_a_subject_that_was_changed_or_is_gone_rests_no_more():
    rest = Cooldown()
    rest.subject(TEA, START, START + MINUTE, "refused")
    rest.subject(JAM, START, START + MINUTE, "refused")
    changed = TEA.model_copy(update={"since": START - MINUTE})

    assert rest.failures({"tea": changed}, START) == {}
    assert rest.failures(SUBJECTS, START) == {}


def test_while_youtube_fails_on_all_a_poll_rests_up_to_a_quarter_of_an_hour_and_counts_as_none():
    rest = Cooldown()
    rests = []
    for _ in range(12):
        rest.failed(a_poll(), START, "away")
        rests.append(rested(rest, a_poll()).total_seconds())

    assert rests[:4] == [4, 32, 256, 900]
    assert rests[-1] == 900
    assert rest.failures(SUBJECTS, START)["tea", Kind.LIVE].served_at is None


def test_when_another_succeeds_in_between_the_failure_is_its_own_and_counts_as_a_poll():
    rest = Cooldown()
    rest.failed(a_poll(), START, "away")
    rest.succeeded(a_poll(JAM), START + MINUTE)
    rest.failed(a_poll(), START + 2 * MINUTE, "away")

    assert rest.failures(SUBJECTS, START + 2 * MINUTE)["tea", Kind.LIVE].served_at == START + 2 * MINUTE


def test_failures_of_its_own_let_it_rest_for_hours_in_the_end_and_those_with_all_others_do_not():
    rest, now, rests = Cooldown(), START, []
    for _ in range(5):
        rest.failed(a_poll(), now, "away")
    for _ in range(6):
        rest.succeeded(a_poll(JAM), now)
        rest.failed(a_poll(), now, "away")
        rests.append(rested(rest, a_poll()).total_seconds())

    assert rests == [900, 900, 2048, 16_384, 21_600, 21_600]


def test_what_counted_as_a_poll_still_does_after_a_failure_that_does_not():
    rest = Cooldown()
    rest.failed(a_poll(), START, "away")
    rest.succeeded(a_poll(JAM), START)
    rest.failed(a_poll(), START + MINUTE, "away")
    rest.failed(a_poll(), START + 2 * MINUTE, "away")

    assert rest.failures(SUBJECTS, START + 2 * MINUTE)["tea", Kind.LIVE].served_at == START + MINUTE


def test_a_single_failure_between_two_successes_counts_as_none():
    rest = Cooldown()
    rest.succeeded(a_poll(JAM), START)
    rest.failed(a_poll(), START, "away")

    assert rest.failures(SUBJECTS, START)["tea", Kind.LIVE] == Failure(START + timedelta(seconds=4), None, "away")


def test_a_success_ends_the_row_of_failures_of_that_poll_only():
    rest = Cooldown()
    for poll in (a_poll(), a_poll(JAM), a_poll(), a_poll(JAM)):
        rest.failed(poll, START, "away")
    rest.succeeded(a_poll(), START)
    rest.failed(a_poll(), START, "away")
    rest.failed(a_poll(JAM), START, "away")

    assert rested(rest, a_poll()) == timedelta(seconds=4)
    assert rested(rest, a_poll(JAM)) == timedelta(seconds=256)


def test_when_another_succeeds_what_may_have_failed_with_all_is_tried_at_once_and_what_failed_by_itself_is_not():
    rest, now = Cooldown(), START
    rest.failed(a_poll(), now, "away")
    rest.succeeded(a_poll(JAM), now)
    assert rested(rest, a_poll()) == timedelta(0)

    rest.failed(a_poll(), now, "away")
    rest.succeeded(a_poll(JAM), now)
    assert rested(rest, a_poll()) == timedelta(seconds=32)
