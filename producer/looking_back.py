"""How far back a live poll looks again for videos that turned up late. Pure.

Looking back costs nothing as long as the results fit on one page: so a poll looks back as far as that allows. Of a
subject too busy for that most polls look back a little, and a *deep* one now and then looks back as far as videos
are seen to turn up late: each second is then searched again at an age of that lateness or more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.clock import has_passed
from producer.course import Course
from producer.paging import PAGE_SIZE
from schemas import SubjectProgress

FARTHEST = timedelta(hours=48)
"""No poll looks back farther, however late a video once was."""

_LITTLE = timedelta(minutes=10)
_RESULTS = PAGE_SIZE * 0.8
"""Expected results that fit on a page, with some room for chance."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far before what is covered a poll begins, and whether that is as far as videos turn up late."""

    span: timedelta
    deep: bool


def lateness_bound(progress: SubjectProgress, first_guess: timedelta) -> timedelta:
    """How late a video may turn up: twice what was seen of late, and no less than `first_guess`."""
    return min(FARTHEST, max(first_guess, 2 * timedelta(seconds=progress.lateness_s)))


def overlap(
    progress: SubjectProgress, rates: Course, covered_to: datetime, now: datetime, first_guess: timedelta
) -> Overlap:
    """The overlap of a live poll at `now` of a subject that is covered up to `covered_to`."""
    bound = lateness_bound(progress, first_guess)
    on_one_page = _reach(rates, covered_to, now)
    if on_one_page >= bound:
        return Overlap(on_one_page, deep=True)
    if has_passed(progress.last_deep_poll_at, bound / 2, now):
        return Overlap(bound * 1.5, deep=True)
    return Overlap(max(on_one_page, min(_LITTLE, bound)), deep=False)


def _reach(rates: Course, covered_to: datetime, now: datetime) -> timedelta:
    """How far before `covered_to` so many videos were published that they fill a page together with the new ones."""
    room = _RESULTS - max(0.0, rates.between(covered_to, now))
    if room <= 0:
        return timedelta(0)
    return min(FARTHEST, covered_to - rates.reached(covered_to, -room))
