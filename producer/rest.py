"""What is left alone for a while, after something that trying again at once would not mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.schedule import Kind, Poll
from schemas import Subject

_FIRST_REST = timedelta(seconds=4)
_LONGEST_REST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Span:
    """Begins at `start`, so that a clock which is set back ends it rather than drawing it out."""

    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        return self.start <= now < self.end


class Rest:
    """Remembers until when nothing, or a kind of poll of a subject, is to be tried.

    Kept in memory only: a restart tries everything once more.
    """

    def __init__(self) -> None:
        self._all: _Span | None = None
        self._polls: dict[tuple[str, Kind], tuple[Subject, _Span]] = {}
        self._failures: dict[tuple[str, Kind], int] = {}

    def everything(self, now: datetime, until: datetime) -> None:
        """No poll at all from `now` until then."""
        self._all = _Span(now, until)

    def subject(self, subject: Subject, now: datetime, until: datetime) -> None:
        """No poll of this subject from `now` until then, as long as it stays as it is."""
        for kind in Kind:
            self._polls[subject.id, kind] = (subject, _Span(now, until))

    def poll(self, poll: Poll, now: datetime, until: datetime) -> None:
        """No poll of this kind of the subject from `now` until then, as long as it stays as it is."""
        self._polls[poll.subject.id, poll.kind] = (poll.subject, _Span(now, until))

    def failed(self, poll: Poll, now: datetime) -> None:
        """No such poll for a time that grows with its failures in a row, so that the others come first.

        YouTube may fail on one query only; the polls of the others succeed in between, and end its other pauses.
        """
        failures = self._failures.get((poll.subject.id, poll.kind), 0)
        self._failures[poll.subject.id, poll.kind] = failures + 1
        self.poll(poll, now, now + min(_LONGEST_REST, _FIRST_REST * 8 ** min(failures, 8)))

    def succeeded(self, poll: Poll) -> None:
        """Ends the row of its failures."""
        self._failures.pop((poll.subject.id, poll.kind), None)

    def seconds_left(self, now: datetime) -> float:
        """How long everything rests from `now` on."""
        return (self._all.end - now).total_seconds() if self._all and self._all.holds(now) else 0.0

    def resting(self, subjects: Mapping[str, Subject], now: datetime) -> frozenset[tuple[str, Kind]]:
        """Subject ids and kinds of poll that rest at `now`. A subject that was changed rests no more."""
        self._polls = {
            (subject_id, kind): (subject, span)
            for (subject_id, kind), (subject, span) in self._polls.items()
            if span.holds(now) and subjects.get(subject_id) == subject
        }
        return frozenset(self._polls)
