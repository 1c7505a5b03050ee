"""What to do next: which subject to search, in which window, or how long to wait.

Live polls come first: they bring what is new, at a pace that spreads the day's searches so that the mean delay is
least (`pace`). A *gap* is what was passed over since a subject is followed, by a window that was cut short or an
outage: it goes on at once while the day can bear it. The *past* before that is fetched with a part of the searches
that is set aside for it, and with what live polls leave over (`backfill`). Pure: all it decides on is passed in.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from types import MappingProxyType

from producer.backfill import next_window, past_of, searches_to_keep
from producer.keys import Budget
from producer.looking_back import Overlap, overlap
from producer.pace import Contender, Turn, last_call_kept_until, turns
from producer.polls import Failures, Kind, Pacing, Poll, Reason, Wait
from producer.rhythm import rates, typical_rate
from producer.windows import SECOND, gaps, live_window, until
from schemas import Subject, SubjectProgress, Window

_OTHERS_MAY_TAKE = 0.5
"""Part of the searches planned for live polls that gaps, or many new subjects, may use up before they wait."""

_SHORTEST_PAUSE = timedelta(seconds=10)
"""Between two polls of a subject, however many searches are left: YouTube's search does not learn faster."""

_FIRST_LOOK = timedelta(days=7)
"""How far the first poll of a subject looks back; what is older is past."""

_DAY = timedelta(days=1)
_A_LITTLE = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
    failures: Failures = MappingProxyType({}),
) -> Poll | Wait:
    """The most urgent poll that is due at `now`, or what is waited for. `progress` is by subject id."""
    if not subjects:
        return Wait(budget.resets_at, Reason.NO_SUBJECT)
    if not budget.keys:
        return Wait(budget.resets_at, Reason.NO_KEY)
    if not budget.searches_left:
        return Wait(budget.resets_at, Reason.QUOTA_USED_UP)
    candidates = list(_Plan(_known(subjects, progress), budget, now, pacing, failures).candidates())
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
    *,
    failures: Failures = MappingProxyType({}),
) -> dict[str, Turn]:
    """The next live poll of each subject that is searched for now, by id."""
    return _Plan(_known(subjects, progress), budget, now, pacing, failures).turns if budget.searches_left else {}


def _known(subjects: Collection[Subject], progress: Mapping[str, SubjectProgress]) -> dict[Subject, SubjectProgress]:
    return {subject: progress.get(subject.id) or SubjectProgress(id=subject.id) for subject in subjects}


class _Plan:
    """One decision's surroundings."""

    def __init__(
        self,
        known: Mapping[Subject, SubjectProgress],
        budget: Budget,
        now: datetime,
        pacing: Pacing,
        failures: Failures,
    ) -> None:
        self._known = {subject: progress for subject, progress in known.items() if subject.since <= now}
        self._budget = budget
        self._now = now
        self._pacing = pacing
        self._failures = failures
        prior = typical_rate(progress.rhythm for progress in known.values())
        self._rates = {subject: rates(progress.rhythm, prior) for subject, progress in known.items()}
        # Before its first live poll nothing of a subject is fetched as past.
        self._past = {
            subject: past_of(subject, progress, now) if progress.last_poll_at else ()
            for subject, progress in self._known.items()
        }
        left_of_day = (budget.resets_at - now) / _DAY
        self._share_of_each = budget.searches_per_day / max(1, len(self._known))
        self._new_from = self._new_ones_from()
        self._pro_rata = searches_to_keep(budget.searches_per_day, pacing.backfill_share, left_of_day)
        self.turns = {subject.id: self._turn(subject, turn) for subject, turn in self._live_turns().items()}

    def candidates(self) -> Iterator[_Candidate]:
        """Everything that may be done. Without an interval, the last search of the day is kept for its end."""
        every = map(self._rested, chain(self.live_polls(), self.gap_polls(), self.past_polls()))
        if self._pacing.interval is not None:
            return every
        left, now = self._budget.searches_left, self._now
        resets_at = self._budget.resets_at
        most = max(1, left - 1 if last_call_kept_until(1, resets_at, now) > now else left)

        def kept_until(poll: Poll) -> datetime:
            # One that has to be confirmed takes two.
            left_after = left - poll.confirm_empty
            return last_call_kept_until(left_after, resets_at, now) if left_after else resets_at

        return (
            replace(
                each,
                due_at=max(each.due_at, kept_until(each.poll)),
                poll=replace(each.poll, most_searches=most),
            )
            for each in every
        )

    def live_polls(self) -> Iterator[_Candidate]:
        """One for each subject; of those never polled, the one followed first comes first."""
        for subject, progress in self._known.items():
            poll, due_at = self._live_poll(subject, progress), self.turns[subject.id].due_at
            if self._is_new(subject, progress):
                yield (
                    _Candidate(min(subject.followed_at, due_at), 0, poll)
                    if due_at <= self._now
                    else _Candidate(due_at, 0, poll)
                )
            else:
                yield _Candidate(due_at, 1, poll)

    def _turn(self, subject: Subject, turn: Turn) -> Turn:
        """The turn as it can be taken: not before a rest is over, nor a new one's while others have their part."""
        due_at = turn.due_at
        if self._is_new(subject, self._known[subject]):
            due_at = max(due_at, self._new_from)
        failure = self._failures.get((subject.id, Kind.LIVE))
        return replace(turn, due_at=max(due_at, failure.rests_until) if failure else due_at)

    def _new_ones_from(self) -> datetime:
        """When subjects never polled are polled: at once, but many of them only with half of a day's searches."""
        new = sum(self._is_new(subject, progress) for subject, progress in self._known.items())
        few = new <= self._budget.searches_left * _OTHERS_MAY_TAKE
        firsts = (progress.first_poll_at for progress in self._known.values())
        day_began = self._budget.resets_at - _DAY
        today = sum(first is not None and day_began <= first <= self._now for first in firsts)
        room = today < self._budget.searches_per_day * _OTHERS_MAY_TAKE
        return self._now if few or room or new == len(self._known) else self._budget.resets_at

    def _is_new(self, subject: Subject, progress: SubjectProgress) -> bool:
        return self._served(subject, Kind.LIVE, progress.last_poll_at) is None

    def gap_polls(self) -> Iterator[_Candidate]:
        """The newest gap of each subject that has one; the subject served longest ago comes first."""
        kept = self._pro_rata * _OTHERS_MAY_TAKE
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
        last = self._served(poll.subject, poll.kind, progress.last_gap_poll_at) or _LONG_AGO
        spare = self._budget.searches_left - kept
        due_at = last if spare > 0 else self._affordable_at(kept)
        return _Candidate(due_at, rank, replace(poll, most_pages=max(1, int(spare))))

    def _live_turns(self) -> dict[Subject, Turn]:
        served = {
            subject: self._served(subject, Kind.LIVE, progress.last_poll_at)
            for subject, progress in self._known.items()
        }
        if self._pacing.interval is not None:
            half = self._pacing.interval.total_seconds() / 2
            return {
                subject: Turn(self._now if last is None else last + self._pacing.interval, half)
                for subject, last in served.items()
            }
        contenders = [
            Contender(subject.id, self._rates[subject], served[subject], progress.pages_per_poll)
            for subject, progress in self._known.items()
        ]
        left = float(self._budget.searches_left)
        if any(past and not self._rests(subject, Kind.PAST) for subject, past in self._past.items()):
            left = min(left, self._pro_rata) or left
        planned = turns(contenders, left, self._budget.resets_at, self._now, shortest=_SHORTEST_PAUSE)
        return {subject: planned[subject.id] for subject in self._known}

    def _live_poll(self, subject: Subject, progress: SubjectProgress) -> Poll:
        covered = until(progress.covered, self._now)
        newest = max((window.end for window in covered), default=None)
        if newest is None or newest < subject.since:
            return self._first_look(subject, progress)
        look = self._overlap(subject, progress, newest)
        window = live_window(progress.covered, subject.since, self._now, look.span)
        # The next live poll looks back as far; what is older gets no second look.
        seen_again_from = self._now - max(look.span, self._pacing.overlap)
        return replace(
            self._poll(subject, progress, window, Kind.LIVE, seen_again_from),
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

    def _poll(
        self,
        subject: Subject,
        progress: SubjectProgress,
        window: Window,
        kind: Kind,
        seen_again_from: datetime | None = None,
    ) -> Poll:
        again_from = seen_again_from or self._now - self._pacing.overlap
        new = gaps(window, until(progress.covered, self._now))
        return Poll(subject, window, kind, any(gap.start < again_from for gap in new))

    def _served(self, subject: Subject, kind: Kind, noted: datetime | None) -> datetime | None:
        """When the subject was polled last, or that failed so that it counts; None for never.

        A moment in the future was noted while the clock was wrong.
        """
        failure = self._failures.get((subject.id, kind))
        moments = (noted, failure.served_at if failure else None)
        return max((moment for moment in moments if moment is not None and moment <= self._now), default=None)

    def _rests(self, subject: Subject, kind: Kind) -> bool:
        failure = self._failures.get((subject.id, kind))
        return failure is not None and failure.rests_until > self._now

    def _rested(self, candidate: _Candidate) -> _Candidate:
        failure = self._failures.get((candidate.poll.subject.id, candidate.poll.kind))
        return replace(candidate, due_at=max(candidate.due_at, failure.rests_until)) if failure else candidate

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
