from datetime import timedelta

from producer.recent import Recent
from schemas import Window
from tests.producer.model_search import START

HOUR = timedelta(hours=1)
HOUR_S = 3600.0


def test_what_was_found_otherwise_is_known_for_its_subject_alone():
    recent = Recent()
    recent.seen("tea", ["a"])

    assert recent.knows("tea", "a")
    assert not recent.knows("jam", "a")


def test_a_busy_subject_pushes_nothing_out_before_its_time():
    recent = Recent()
    recent.seen("tea", ["a"])
    recent.seen("tea", map(str, range(50_000)))

    assert recent.knows("tea", "a")


def test_memory_ends_three_days_after_a_video_was_last_seen():
    uptime_s = [0.0]
    recent = Recent(lambda: uptime_s[0])
    recent.seen("tea", ["once", "asked after", "found again"])

    uptime_s[0] = 48 * HOUR_S
    recent.knows("tea", "asked after")
    recent.seen("tea", ["found again"])
    uptime_s[0] = 72 * HOUR_S + 1
    recent.seen("tea", ["new"])

    assert not recent.knows("tea", "once")
    assert recent.knows("tea", "asked after")
    assert recent.knows("tea", "found again")


def test_subjects_that_are_followed_no_more_are_forgotten():
    recent = Recent()
    for subject in ("tea", "jam"):
        recent.seen(subject, ["a"])
        recent.searched(subject, Window(start=START, end=START + HOUR), START + HOUR)

    recent.forget_others({"jam", "new"})

    assert not recent.knows("tea", "a")
    assert recent.lateness_s("tea", START) is None
    assert recent.knows("jam", "a")
    assert recent.lateness_s("jam", START) == 3600


def test_searches_are_remembered_for_three_days_however_many_they_are():
    recent = Recent()
    recent.searched("tea", Window(start=START, end=START + HOUR / 2), START + HOUR)
    for minutes in range(3 * 24 * 60):
        now = START + HOUR + timedelta(minutes=minutes)
        recent.searched("tea", Window(start=now, end=now), now)

    assert recent.lateness_s("tea", START) == 3600

    recent.searched("tea", Window(start=START + HOUR, end=START + HOUR), START + 74 * HOUR)
    assert recent.lateness_s("tea", START) is None


def test_only_what_was_searched_can_be_late():
    recent = Recent()
    recent.searched("tea", Window(start=START, end=START + HOUR), START + 2 * HOUR)

    assert recent.lateness_s("tea", START + HOUR) == 3600
    assert recent.lateness_s("tea", START + 2 * HOUR) is None
    assert recent.lateness_s("jam", START) is None


def test_a_video_is_as_late_as_it_was_old_when_last_looked_for_however_rarely_that_is():
    """Found days later, it may have been there all the time."""
    recent = Recent()
    recent.searched("tea", Window(start=START, end=START + HOUR), START + HOUR)
    recent.searched("tea", Window(start=START + HOUR / 2, end=START + 2 * HOUR), START + 2 * HOUR)

    assert recent.lateness_s("tea", START) == 3600
    assert recent.lateness_s("tea", START + HOUR / 2) == 5400
