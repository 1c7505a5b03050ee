"""What a poll teaches: how often a subject publishes, how late videos turn up, what a poll costs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.rhythm import note
from producer.windows import gaps
from schemas import SubjectProgress, Window

_LATENESS_HALF_LIFE = timedelta(days=7)
_WEIGHT_OF_A_POLL = 0.2


@dataclass(frozen=True, slots=True)
class NewVideo:
    """A video that no search of the subject, and nobody else, found before."""

    video_id: str
    published_at: datetime
    late_s: int | None
    """How late it turned up, as far as is known; None for one in time."""


def after_finding(
    before: SubjectProgress,
    complete: Window | None,
    covered: Iterable[Window],
    seen: Iterable[NewVideo],
    now: datetime,
) -> dict[str, object]:
    """What changes of `before` when `complete` was searched and `seen` was new in it; `covered` was known before."""
    if complete is None:
        return {}
    watched = gaps(complete, covered)
    inside = [each for each in seen if complete.start <= each.published_at <= complete.end]
    late = [each.late_s for each in inside if each.late_s is not None]
    new = [each.published_at for each in inside if each.late_s is not None or _within(each.published_at, watched)]
    return {
        "rhythm": note(before.rhythm, watched, new, now),
        "new": before.new + len(new),
        "lateness_s": max([_faded(before, now), *late]),
    }


def pages_per_poll(before: SubjectProgress, pages: int) -> float:
    """The moving average after a live poll of so many pages."""
    return max(1.0, before.pages_per_poll + _WEIGHT_OF_A_POLL * (pages - before.pages_per_poll))


def _faded(before: SubjectProgress, now: datetime) -> int:
    age = now - before.last_poll_at if before.last_poll_at and before.last_poll_at <= now else timedelta(0)
    return int(before.lateness_s * 2.0 ** -(age / _LATENESS_HALF_LIFE))


def _within(moment: datetime, windows: Iterable[Window]) -> bool:
    return any(window.start <= moment <= window.end for window in windows)
