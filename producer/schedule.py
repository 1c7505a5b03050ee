"""What to do next: which subject to search, in which window, or how long to wait.

Live polls come first: they bring what is new. Gaps, which a narrowed or interrupted window or an earlier `since`
left, are worked on in between: at once while plenty of the day's searches is left, else at a pace that the day's
searches last at. Pure: everything it decides on is passed in.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import chain

from producer.keys import Budget
from producer.windows import gaps, live_window, until
from schemas import Subject, SubjectProgress, Window

GAP_COST = 10
"""Searches that working on a gap may take: YouTube ends paging after about so many pages."""

_SHORTEST_PAUSE = timedelta(seconds=10)
"""Between two polls of a subject, however many searches are left: YouTube's search does not learn faster."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(Enum):
    """What a poll is for."""

    LIVE = "live"
    GAP = "gap"


class Reason(Enum):
    """Why nothing is searched now; the value is told to people."""

    NO_SUBJECT = "no subject is followed: follow one through the API, or set SUBJECTS"
    NO_KEY = "there is no usable API key: add one through the API, or set YOUTUBE_API_KEYS"
    QUOTA_USED_UP = "the searches of the day are used up"
    NOTHING_DUE = "nothing is due"


@dataclass(frozen=True, slots=True)
class Poll:
    """Search this window for this subject now.

    `confirm_empty` is set where no later poll would look again into a window that was found empty.
    """

    subject: Subject
    window: Window
    kind: Kind
    confirm_empty: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Search nothing until then, if nothing changes."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Pacing:
    """`interval` between two polls of a subject; None: chosen so that the day's searches last until the reset."""

    interval: timedelta | None
    overlap: timedelta


@dataclass(frozen=True, slots=True)
class _Candidate:
    due_at: datetime
    rank: int
    poll: Poll


def next_action(
    subjects: Collection[Subject],
    progress: Mapping[str, SubjectProgress],
    budget: Budget,
    now: datetime,
    pacing: Pacing,
    *,
    resting: Collection[tuple[str, Kind]] = (),
) -> Poll | Wait:
    """The most urgent poll that is due at `now`, or what is waited for.

    `progress` is by subject id; `resting` are the ids and kinds of poll that are not to be chosen now.
    """
    if not subjects:
        return Wait(budget.resets_at, Reason.NO_SUBJECT)
    if not budget.keys:
        return Wait(budget.resets_at, Reason.NO_KEY)
    if not budget.searches_left:
        return Wait(budget.resets_at, Reason.QUOTA_USED_UP)
    known = {subject: progress.get(subject.id) or SubjectProgress(id=subject.id) for subject in subjects}
    plan = _Plan(budget, now, pacing, len(subjects))
    candidates = [
        candidate
        for candidate in chain(plan.live_polls(known), plan.gap_polls(known))
        if (candidate.poll.subject.id, candidate.poll.kind) not in resting
    ]
    due = [candidate for candidate in candidates if candidate.due_at <= now]
    if due:
        return min(due, key=lambda candidate: (candidate.rank, candidate.due_at)).poll
    return Wait(min((candidate.due_at for candidate in candidates), default=budget.resets_at), Reason.NOTHING_DUE)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One decision's surroundings."""

    budget: Budget
    now: datetime
    pacing: Pacing
    sharers: int

    def live_polls(self, known: Mapping[Subject, SubjectProgress]) -> Iterator[_Candidate]:
        """One for each subject; of those never polled, the one followed first comes first."""
        for subject, progress in known.items():
            if subject.since > self.now:
                continue
            window = live_window(progress.covered, subject.since, self.now, self.pacing.overlap)
            poll = self._poll(subject, progress, window, Kind.LIVE)
            last = self._past(progress.last_poll_at)
            if last is None:
                yield _Candidate(min(subject.followed_at, self.now), 0, poll)
            else:
                yield _Candidate(self._paced(last, 1), 1, poll)

    def gap_polls(self, known: Mapping[Subject, SubjectProgress]) -> Iterator[_Candidate]:
        """The newest gap of each subject that has one; of those due, the subject served longest ago comes first."""
        plenty = self.budget.searches_left * 2 > self.budget.searches_per_day
        for subject, progress in known.items():
            gap = newest_gap(subject, progress, self.now)
            if gap is not None:
                last = self._past(progress.last_gap_poll_at)
                due_at = (last or _LONG_AGO) if plenty or last is None else self._paced(last, GAP_COST)
                yield _Candidate(due_at, 2, self._poll(subject, progress, gap, Kind.GAP))

    def _poll(self, subject: Subject, progress: SubjectProgress, window: Window, kind: Kind) -> Poll:
        # The next live poll looks into the overlap again; what is older gets no second look.
        looked_at_again_from = self.now - self.pacing.overlap
        new = gaps(window, until(progress.covered, self.now))
        return Poll(subject, window, kind, any(gap.start < looked_at_again_from for gap in new))

    def _past(self, moment: datetime | None) -> datetime | None:
        """None for a moment in the future as well: it was noted while the clock was wrong."""
        return moment if moment is not None and moment <= self.now else None

    def _paced(self, last: datetime, cost: int) -> datetime:
        """When to do again what was done at `last` and takes `cost` searches.

        Solves: pause = cost · sharers · (time left after the pause) / (searches left).
        """
        if self.pacing.interval is not None:
            return last + self.pacing.interval
        share = cost * self.sharers
        pause = (self.budget.resets_at - last) * share / (self.budget.searches_left + share)
        return last + max(pause, _SHORTEST_PAUSE)


def newest_gap(subject: Subject, progress: SubjectProgress, now: datetime) -> Window | None:
    """The newest span since the subject's `since` that was passed over. What is newer is for live polls."""
    covered = until(progress.covered, now)
    newest = max((window.end for window in covered), default=None)
    if newest is None or newest < subject.since:
        return None
    return next(iter(gaps(Window(start=subject.since, end=newest), covered)), None)
