"""How far back a live poll looks again for videos that turned up late. Pure.

Looking back costs nothing as long as the results fit on one page: so a poll looks back as far as that allows, and
asks for no further page to look back farther. Of a subject too busy for that a *deep* poll now and then looks back,
whatever that takes, as far as videos are seen to turn up late: each second is then searched again at an age of that
lateness or more. How often depends on what it costs: at best twice within the lateness, so that what is late is found
soon; of the busiest subjects more rarely, so that most of the searches are left for what is new.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.clock import has_passed
from producer.hourly_rates import HourlyRates
from producer.paging import PAGE_SIZE
from schemas import SubjectProgress

FARTHEST = timedelta(hours=48)
"""No poll looks back farther, however late a video once was."""

_LITTLE = timedelta(minutes=10)
_DEEP_PART = 0.25
"""Part of a subject's searches that looking again may take before it is done more rarely."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far before what is covered a poll begins, and how much of that is needed: the rest is looked at as far as
    it comes without a further page. A poll that came as far back as `deep` was a deep one."""

    span: timedelta
    needed: timedelta
    deep: timedelta


def lateness_bound(progress: SubjectProgress, first_guess: timedelta) -> timedelta:
    """How late a video may turn up: thrice what was seen of late, and no less than `first_guess`.

    Thrice, because the latest of some is not the latest of all, and what was seen is the least it can have been.
    """
    return min(FARTHEST, max(first_guess, 3 * timedelta(seconds=progress.lateness_s)))


def overlap(  # noqa: PLR0917 - pure: everything it decides on
    progress: SubjectProgress,
    rates: HourlyRates,
    covered_to: datetime,
    now: datetime,
    first_guess: timedelta,
    searches_a_day: float,
) -> Overlap:
    """The overlap of a live poll at `now` of a subject that is covered up to `covered_to`.

    `searches_a_day` are those that the subject may have of a day.
    """
    bound = lateness_bound(progress, first_guess)
    # What was younger than the bound when it was last looked at deeply has to be looked at again.
    deep = covered_to - min(progress.last_deep_poll_at or covered_to, covered_to) + bound
    on_one_page = max(_reach(rates, covered_to, now), min(_LITTLE, bound))
    if has_passed(progress.last_deep_poll_at, _deep_pause(rates, bound, searches_a_day), now):
        return Overlap(max(deep, on_one_page), needed=deep, deep=deep)
    return Overlap(on_one_page, needed=timedelta(0), deep=deep)


def _deep_pause(rates: HourlyRates, bound: timedelta, searches_a_day: float) -> timedelta:
    """Between two deep polls. With a pause p they take pages · (1 + bound / p) searches a day, `pages` being all
    results of a day; that is to be the part set aside for it. With more than the bound little more would be saved."""
    pages = rates.a_day / PAGE_SIZE
    room = _DEEP_PART * searches_a_day - pages
    affordable = bound * (pages / room) if room > 0 else bound
    return min(bound, max(bound / 2, affordable))


def _reach(rates: HourlyRates, covered_to: datetime, now: datetime) -> timedelta:
    """How far before `covered_to` so many videos were published that they fill a page together with the new ones."""
    room = PAGE_SIZE - max(0.0, rates.between(covered_to, now))
    if room <= 0:
        return timedelta(0)
    return min(FARTHEST, covered_to - rates.reached(covered_to, -room))
