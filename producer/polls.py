"""A poll: what is searched for whom and why, what it may spend, and what came of those that failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeAlias

from producer.reach import CallPurpose
from schemas import Subject, Window


class Kind(Enum):
    """What a poll is for."""

    LIVE = "live"
    GAP = "gap"
    PAST = "past"


class Reason(Enum):
    """Why nothing is searched now; the value is told to people."""

    NO_SUBJECT = "no subject is followed: follow one through the API, or set SUBJECTS"
    NO_KEY = "there is no usable API key: add one through the API, or set YOUTUBE_API_KEYS"
    QUOTA_USED_UP = "the searches of the day are used up"
    UNITS_USED_UP = "the units of the day are used up"
    NOTHING_DUE = "nothing is due"


@dataclass(frozen=True, slots=True)
class Poll:
    """Search this window for this subject now.

    `confirm_empty` is set where no later poll would look again into a window that was found empty. What is older
    than `needed_from` is only looked at as far as it comes without a further page; None: all of it is needed. A live
    poll that comes back to `deep_from` looked as far back as videos are seen to turn up late. After `most_pages` it
    ends with what it has; the rest is a gap. More than `most_searches` it must not make, whatever comes of it: the
    last one of a day is kept.
    """

    subject: Subject
    window: Window
    kind: Kind
    confirm_empty: bool
    needed_from: datetime | None = None
    deep_from: datetime | None = None
    most_pages: int | None = None
    most_searches: int | None = None

    @property
    def needed(self) -> Window:
        """What of the window must be complete, or is a gap."""
        return self.window if self.needed_from is None else Window(start=self.needed_from, end=self.window.end)

    @property
    def asked(self) -> CallPurpose:
        """What its searches are for."""
        return CallPurpose(self.subject.key, self.kind.value)

    def is_deep(self, complete: Window | None) -> bool:
        """Whether the poll was a deep one when `complete` was searched. What is a gap now is searched again."""
        deep_from = self.deep_from or self.window.start
        return complete is not None and min(complete.start, self.needed.start) <= deep_from


@dataclass(frozen=True, slots=True)
class Wait:
    """Search nothing until then, if nothing changes."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Pacing:
    """`interval` between two polls of a subject; None: chosen so that the mean delay is least.

    `overlap` is how far back a poll looks again; without an interval the first guess, and the least, of how late
    videos turn up. `backfill_share` is the part of the day's searches that is set aside for the past.
    """

    interval: timedelta | None
    overlap: timedelta
    backfill_share: float = 0.2


@dataclass(frozen=True, slots=True)
class Failure:
    """A poll that failed, told in words, and is not tried again until `rests_until`.

    With `served_at` it was its own failure, and counts as a poll that was carried out.
    """

    rests_until: datetime
    served_at: datetime | None
    told: str


Failures: TypeAlias = Mapping[tuple[str, Kind], Failure]
"""By subject id and kind of poll."""
