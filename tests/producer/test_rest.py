from datetime import timedelta

from producer.rest import Rest
from producer.schedule import Kind, Poll
from schemas import Subject, Window
from tests.producer.model_search import START

MINUTE = timedelta(minutes=1)
TEA = Subject(id="tea", query="tea", since=START, followed_at=START)
JAM = Subject(id="jam", query="jam", since=START, followed_at=START)
SUBJECTS = {"tea": TEA, "jam": JAM}


def a_poll(subject: Subject = TEA, kind: Kind = Kind.LIVE) -> Poll:
    return Poll(subject, Window(start=START, end=START), kind, confirm_empty=False)


def rested(rest: Rest, poll: Poll) -> timedelta:
    """How long the poll rests from START on."""
    seconds = 0
    while (poll.subject.id, poll.kind) in rest.resting(SUBJECTS, START + timedelta(seconds=seconds)):
        seconds += 1
    return timedelta(seconds=seconds)


def test_at_first_nothing_rests():
    rest = Rest()

    assert rest.seconds_left(START) == 0
    assert rest.resting(SUBJECTS, START) == frozenset()


def test_everything_rests_until_its_time():
    rest = Rest()
    rest.everything(START, START + MINUTE)

    assert rest.seconds_left(START) == 60
    assert rest.seconds_left(START + timedelta(seconds=59)) == 1
    assert rest.seconds_left(START + MINUTE) == 0


def test_a_clock_that_is_set_back_ends_every_rest():
    rest = Rest()
    rest.everything(START, START + MINUTE)
    rest.poll(a_poll(), START, START + MINUTE)
    before = START - timedelta(days=900)

    assert rest.seconds_left(before) == 0
    assert rest.resting(SUBJECTS, before) == frozenset()


def test_a_poll_rests_and_the_other_kind_and_the_other_subjects_do_not():
    rest = Rest()
    rest.poll(a_poll(kind=Kind.GAP), START, START + MINUTE)

    assert rest.resting(SUBJECTS, START) == {("tea", Kind.GAP)}
    assert rest.resting(SUBJECTS, START + MINUTE) == frozenset()


def test_a_subject_rests_with_all_kinds_of_poll():
    rest = Rest()
    rest.subject(TEA, START, START + MINUTE)

    assert rest.resting(SUBJECTS, START) == {("tea", kind) for kind in Kind}


def test_a_subject_that_was_changed_or_is_gone_rests_no_more():
    rest = Rest()
    rest.subject(TEA, START, START + MINUTE)
    rest.subject(JAM, START, START + MINUTE)
    changed = TEA.model_copy(update={"since": START - MINUTE})

    assert rest.resting({"tea": changed}, START) == frozenset()
    assert rest.resting(SUBJECTS, START) == frozenset()


def test_a_poll_that_fails_again_rests_longer_each_time_up_to_a_quarter_of_an_hour():
    rest = Rest()
    rests = []
    for _ in range(12):
        rest.failed(a_poll(), START)
        rests.append(rested(rest, a_poll()).total_seconds())

    assert rests[:4] == [4, 32, 256, 900]
    assert rests[-1] == 900


def test_a_success_ends_the_row_of_failures_of_that_poll_only():
    rest = Rest()
    for poll in (a_poll(), a_poll(JAM), a_poll(), a_poll(JAM)):
        rest.failed(poll, START)
    rest.succeeded(a_poll())
    rest.failed(a_poll(), START)
    rest.failed(a_poll(JAM), START)

    assert rested(rest, a_poll()) == timedelta(seconds=4)
    assert rested(rest, a_poll(JAM)) == timedelta(seconds=256)
