"""The past of a subject: what was published before it was followed, fetched with what live polls leave over. Pure.

It is fetched newest window first, in windows of a few pages: YouTube shows the less of a window the longer that is
(inferred). A part of the day's searches is set aside for it, so that a past comes to an end at all; live polls are
planned with the rest, and what they leave over is added.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from producer.hourly_rates import HourlyRates
from producer.paging import PAGE_SIZE
from producer.windows import SECOND, gaps, until
from schemas import BackfillStatus, Subject, SubjectProgress, Window

_RESULTS = 200.0
_LONGEST = timedelta(days=90)
_SHORTEST = timedelta(hours=1)


def past_of(subject: Subject, progress: SubjectProgress, now: datetime) -> tuple[Window, ...]:
    """What of the past is not fetched yet, newest first."""
    end = min(subject.followed_at, now)
    if subject.since >= end:
        return ()
    return gaps(Window(start=subject.since, end=end - SECOND), until(progress.covered, now))


def next_window(past: Sequence[Window], rates: HourlyRates) -> Window | None:
    """The window of the past to fetch next."""
    if not past:
        return None
    newest = past[0]
    return Window(start=max(newest.start, newest.end - window_length(rates)), end=newest.end)


def window_length(rates: HourlyRates) -> timedelta:
    """How long a window is in which about 200 videos were published."""
    return min(_LONGEST, max(_SHORTEST, timedelta(days=1) * (_RESULTS / rates.a_day)))


def searches_to_keep(per_day: int, share: float, left_of_day: float) -> float:
    """Searches that live polls are to have in the part of the day (0 to 1) that is left; the past has the others."""
    return per_day * (1 - share) * min(1.0, left_of_day)


def backfill_status(
    subject: Subject, progress: SubjectProgress, rates: HourlyRates, searches_a_day: float, now: datetime
) -> BackfillStatus | None:
    """How far the past of a subject is fetched, with `searches_a_day` for it; None when it has none."""
    if subject.since >= subject.followed_at - SECOND:
        return None
    length = window_length(rates)
    past = past_of(subject, progress, now)
    windows = sum(ceil((window.end - window.start + SECOND) / length) for window in past)
    results = sum(((window.end - window.start + SECOND) / timedelta(days=1)) * rates.a_day for window in past)
    searches = max(windows, results / PAGE_SIZE)
    return BackfillStatus(
        windows_done=progress.past_windows_done,
        windows_left=windows,
        days_left=round(searches / searches_a_day, 2) if searches_a_day else None,
    )
