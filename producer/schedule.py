"""What to do next: which subject to search, in which window, or how long to wait.

Live polls come first: they bring what is new, at a pace that spreads the day's searches so that the mean delay is
least (`pace`). A *gap* is what was passed over since a subject is followed, by a window that was cut short or an
outage: it goes on at once while the day can bear it. The *past* before that is fetched with a part of the searches
that is set aside for it, and with what live polls leave over (`backfill`). Pure: all it decides on is passed in.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import chain

from producer.backfill import next_window, past_of, searches_to_keep
from producer.keys import Budget
from producer.looking_back import Overlap, overlap
from producer.pace import Contender, Turn, last_call_kept_until, turns
from producer.rhythm import rates, typical_rate
from producer.windows import SECOND, gaps, live_window, until
from schemas import Subject, SubjectProgress, Window

_GAPS_MAY_TAKE = 0.5
"""Part of the searches planned for live polls that gaps may use up before they wait."""

_SHORTEST_PAUSE = timedelta(seconds=10)
"""Between two polls of a subject, however many searches are left: YouTube's search does not learn faster."""

_FIRST_LOOK = timedelta(days=7)
"""How far the first poll of a subject looks back; what is older is past."""

_DAY = timedelta(days=1)
_A_LITTLE = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
    NOTHING_DUE = "nothing is due"


@dataclass(frozen=True, slots=True)
class Poll:
    """Search this window for this subject now.

    `confirm_empty` is set where no later poll would look again into a window that was found empty. What is older
    than `needed_from` is only looked at as far as it comes without a further page; None: all of it is needed. A live
    poll that comes back to `deep_from` looked as far back as videos are seen to turn up late. After `most_pages` it
    ends with what it has, so that the day does not run dry; the rest is a gap.
    """

    subject: Subject
    window: Window
    kind: Kind
    confirm_empty: bool
    needed_from: datetime | None = None
    deep_from: datetime | None = None
    most_pages: int | None = None

    @property
    def needed(self) -> Window:
        """What of the window must be complete, or is a gap."""
        return self.window if self.needed_from is None else Window(start=self.needed_from, end=self.window.end)

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
    plan = _Plan(_known(subjects, progress), budget, now, pacing)
    candidates = [
        candidate
        for candidate in plan.candidates()
        if (candidate.poll.subject.id, candidate.poll.kind) not in resting
    ]
    due = [candidate for candidate in candidates if candidate.due_at <= now]
    if due:
        return min(due, key=lambda candidate: (candidate.rank, candidate.due_at)).poll
    return Wait(min((candidate.due_at for candidate in candidates), default=budget.resets_at), Reason.NOTHING_DUE)


def plan(
    subjects: Collection[Subject],
    progress: Mapping[str, SubjectProgress],
    budget: Budget,
    now: datetime,
    pacing: Pacing,
) -> dict[str, Turn]:
    """The next live poll of each subject that is searched for now, by id."""
    return _Plan(_known(subjects, progress), budget, now, pacing).turns if budget.searches_left else {}


def _known(subjects: Collection[Subject], progress: Mapping[str, SubjectProgress]) -> dict[Subject, SubjectProgress]:
    return {subject: progress.get(subject.id) or SubjectProgress(id=subject.id) for subject in subjects}


class _Plan:
    """One decision's surroundings."""

    def __init__(
        self, known: Mapping[Subject, SubjectProgress], budget: Budget, now: datetime, pacing: Pacing
    ) -> None:
        self._known = {subject: progress for subject, progress in known.items() if subject.since <= now}
        self._budget = budget
        self._now = now
        self._pacing = pacing
        prior = typical_rate(progress.rhythm for progress in known.values())
        self._rates = {subject: rates(progress.rhythm, prior) for subject, progress in known.items()}
        self._past = {subject: past_of(subject, progress, now) for subject, progress in self._known.items()}
        left_of_day = (budget.resets_at - now) / _DAY
        self._share_of_each = budget.searches_per_day / max(1, len(self._known))
        self._pro_rata = searches_to_keep(budget.searches_per_day, pacing.backfill_share, left_of_day)
        self.turns = self._live_turns()

    def candidates(self) -> Iterator[_Candidate]:
        """Everything that may be done. Without an interval, the last search of the day is kept for its end."""
        every = chain(self.live_polls(), self.gap_polls(), self.past_polls())
        if self._pacing.interval is not None:
            return every
        left, now = self._budget.searches_left, self._now
        resets_at = self._budget.resets_at
        most_pages = left - 1 if last_call_kept_until(1, resets_at, now) > now else left
        return (
            replace(
                each,
                # One that has to be confirmed takes two.
                due_at=max(each.due_at, last_call_kept_until(left - each.poll.confirm_empty, resets_at, now)),
                poll=replace(each.poll, most_pages=max(1, min(most_pages, each.poll.most_pages or most_pages))),
            )
            for each in every
        )

    def live_polls(self) -> Iterator[_Candidate]:
        """One for each subject; of those never polled, the one followed first comes first."""
        for subject, progress in self._known.items():
            poll = self._live_poll(subject, progress)
            if self._past_moment(progress.last_poll_at) is None:
                yield _Candidate(min(subject.followed_at, self._now), 0, poll)
            else:
                yield _Candidate(self.turns[subject.id].due_at, 1, poll)

    def gap_polls(self) -> Iterator[_Candidate]:
        """The newest gap of each subject that has one; the subject served longest ago comes first."""
        kept = self._pro_rata * _GAPS_MAY_TAKE
        for subject, progress in self._known.items():
            gap = newest_gap(subject, progress, self._now)
            if gap is not None:
                yield self._beside_live_polls(2, self._poll(subject, progress, gap, Kind.GAP), progress, kept)

    def past_polls(self) -> Iterator[_Candidate]:
        """The newest window of the past of each subject that has one; the subject served longest ago comes first."""
        for subject, progress in self._known.items():
            window = next_window(self._past[subject], self._rates[subject])
            if window is not None:
                poll = self._poll(subject, progress, window, Kind.PAST)
                yield self._beside_live_polls(3, poll, progress, self._pro_rata)

    def _beside_live_polls(self, rank: int, poll: Poll, progress: SubjectProgress, kept: float) -> _Candidate:
        """Due as long as there are more searches than are `kept` for live polls, of which it takes none."""
        last = self._past_moment(progress.last_gap_poll_at) or _LONG_AGO
        spare = self._budget.searches_left - kept
        due_at = last if spare > 0 else self._affordable_at(kept)
        return _Candidate(due_at, rank, replace(poll, most_pages=max(1, int(spare))))

    def _live_turns(self) -> dict[str, Turn]:
        if self._pacing.interval is not None:
            half = self._pacing.interval.total_seconds() / 2
            return {
                subject.id: Turn((progress.last_poll_at or self._now) + self._pacing.interval, half)
                if self._past_moment(progress.last_poll_at)
                else Turn(self._now, half)
                for subject, progress in self._known.items()
            }
        contenders = [
            Contender(
                subject.id, self._rates[subject], self._past_moment(progress.last_poll_at), progress.pages_per_poll
            )
            for subject, progress in self._known.items()
        ]
        left = float(self._budget.searches_left)
        if any(self._past.values()):
            left = min(left, self._pro_rata) or left
        return turns(contenders, left, self._budget.resets_at, self._now, shortest=_SHORTEST_PAUSE)

    def _live_poll(self, subject: Subject, progress: SubjectProgress) -> Poll:
        covered = until(progress.covered, self._now)
        newest = max((window.end for window in covered), default=None)
        if newest is None or newest < subject.since:
            return self._first_look(subject, progress)
        look = self._overlap(subject, progress, newest)
        window = live_window(progress.covered, subject.since, self._now, look.span)
        return replace(
            self._poll(subject, progress, window, Kind.LIVE),
            needed_from=min(self._now, max(window.start, newest + SECOND - look.needed)),
            deep_from=max(subject.since, newest + SECOND - look.deep),
        )

    def _first_look(self, subject: Subject, progress: SubjectProgress) -> Poll:
        """Takes its share of the searches and no more, so that of many new subjects each is live at once."""
        start = max(subject.since, self._now - _FIRST_LOOK)
        poll = self._poll(subject, progress, Window(start=start, end=self._now), Kind.LIVE)
        return replace(poll, most_pages=max(1, self._budget.searches_left // len(self._known)))

    def _overlap(self, subject: Subject, progress: SubjectProgress, newest: datetime) -> Overlap:
        fixed = self._pacing.overlap
        if self._pacing.interval is not None:
            return Overlap(fixed, needed=fixed, deep=fixed)
        return overlap(progress, self._rates[subject], newest, self._now, fixed, self._share_of_each)

    def _poll(self, subject: Subject, progress: SubjectProgress, window: Window, kind: Kind) -> Poll:
        # The next live poll looks into the overlap again; what is older gets no second look.
        looked_at_again_from = self._now - self._pacing.overlap
        new = gaps(window, until(progress.covered, self._now))
        return Poll(subject, window, kind, any(gap.start < looked_at_again_from for gap in new))

    def _past_moment(self, moment: datetime | None) -> datetime | None:
        """None for a moment in the future as well: it was noted while the clock was wrong."""
        return moment if moment is not None and moment <= self._now else None

    def _affordable_at(self, kept: float) -> datetime:
        """When so little of the day is left that the searches left are more than what is kept for it."""
        if not kept:
            return self._now
        left_of_day = self._budget.resets_at - self._now
        return self._budget.resets_at - left_of_day * min(1.0, self._budget.searches_left / kept) + _A_LITTLE


def newest_gap(subject: Subject, progress: SubjectProgress, now: datetime) -> Window | None:
    """The newest span that was passed over since the subject is followed. What is newer is for live polls."""
    covered = until(progress.covered, now)
    newest = max((window.end for window in covered), default=None)
    start = max(subject.since, min(subject.followed_at, now))
    if newest is None or newest < start:
        return None
    return next(iter(gaps(Window(start=start, end=newest), covered)), None)
