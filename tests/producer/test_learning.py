from datetime import timedelta

from producer.learning import NewVideo, after_finding, pages_per_poll
from schemas import SubjectProgress, Window
from tests.producer.model_search import START

HOUR = timedelta(hours=1)
NOW = START + 10 * HOUR


def seen(name: str, hours: float, *, late_s: int | None = None) -> NewVideo:
    return NewVideo(name, START + hours * HOUR, late_s)


def test_what_is_new_in_time_looked_at_for_the_first_time_is_learnt():
    before = SubjectProgress(id="tea", new=5)
    covered = [Window(start=START, end=START + 6 * HOUR)]
    complete = Window(start=START + 4 * HOUR, end=NOW)

    after = after_finding(before, complete, covered, [seen("known", 5), seen("a", 7), seen("b", 8)], NOW)

    assert after["new"] == 7
    assert sum(after["rhythm"].seen) > 1.9  # type: ignore[attr-defined]
    assert 3.9 * 3600 < sum(after["rhythm"].watched_s) <= 4 * 3600  # type: ignore[attr-defined]


def test_a_video_that_turned_up_late_is_new_and_says_how_late():
    before = SubjectProgress(id="tea", lateness_s=60)
    covered = [Window(start=START, end=START + 9 * HOUR)]

    after = after_finding(before, Window(start=START, end=NOW), covered, [seen("late", 8, late_s=7200)], NOW)

    assert (after["new"], after["lateness_s"]) == (1, 7200)


def test_lateness_is_forgotten_by_half_in_a_week():
    before = SubjectProgress(id="tea", lateness_s=7200, last_poll_at=NOW - timedelta(days=7))

    assert after_finding(before, Window(start=START, end=NOW), [], [], NOW)["lateness_s"] == 3600


def test_of_nothing_complete_nothing_is_learnt():
    assert after_finding(SubjectProgress(id="tea"), None, [], [seen("a", 1)], NOW) == {}


def test_the_searches_of_a_poll_are_averaged():
    before = SubjectProgress(id="tea")
    for _ in range(30):
        before = before.model_copy(update={"pages_per_poll": pages_per_poll(before, 3)})

    assert 2.9 < before.pages_per_poll <= 3
    assert pages_per_poll(SubjectProgress(id="tea"), 0) == 1
