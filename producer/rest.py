"""What is left alone for a while, after something that trying again at once would not mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.polls import Failure, Failures, Kind, Poll
from schemas import Subject

_FIRST_REST = timedelta(seconds=4)
_LONGEST_REST = timedelta(minutes=15)
_LONGEST_REST_OF_ITS_OWN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Row:
    """Failures in a row of one poll. Begins `since` then, so that a clock which is set back ends it."""

    subject: Subject
    since: datetime
    failures: int
    last: Failure


class Rest:
    """Remembers until when nothing, or a kind of poll of a subject, is to be tried.

    Kept in memory only: a restart tries everything once more.
    """

    def __init__(self) -> None:
        self._all: tuple[datetime, datetime] | None = None
        self._rows: dict[tuple[str, Kind], _Row] = {}
        self._last_success: datetime | None = None

    def everything(self, now: datetime, until: datetime) -> None:
        """No poll at all from `now` until then."""
        self._all = (now, until)

    def subject(self, subject: Subject, now: datetime, until: datetime, told: str) -> None:
        """No poll of this subject from `now` until then, as long as it stays as it is."""
        for kind in Kind:
            self._rows[subject.id, kind] = _Row(subject, now, 1, Failure(until, now, told))

    def poll(self, poll: Poll, now: datetime, until: datetime, told: str) -> None:
        """No poll of this kind of the subject from `now` until then, as long as it stays as it is.

        It counts as carried out: what came back was of no use, but it came.
        """
        self._rows[poll.subject.id, poll.kind] = _Row(poll.subject, now, 1, Failure(until, now, told))

    def failed(self, poll: Poll, now: datetime, told: str) -> None:
        """No such poll for a time that grows with its failures in a row.

        YouTube may fail on one query only. When others succeed between its failures, they are its own: each counts
        as a poll that was carried out, so that it takes no more than its turn, and it rests for hours in the end.
        """
        key = poll.subject.id, poll.kind
        before = self._rows.get(key)
        since, failures = (before.since, before.failures) if before else (now, 0)
        its_own = self._last_success is not None and failures > 0 and self._last_success >= since
        rest = min(_LONGEST_REST_OF_ITS_OWN if its_own else _LONGEST_REST, _FIRST_REST * 8 ** min(failures, 8))
        last = Failure(now + rest, now if its_own else None, told)
        self._rows[key] = _Row(poll.subject, since, failures + 1, last)

    def succeeded(self, poll: Poll, now: datetime) -> None:
        """Ends the row of its failures."""
        self._rows.pop((poll.subject.id, poll.kind), None)
        self._last_success = now

    def seconds_left(self, now: datetime) -> float:
        """How long everything rests from `now` on."""
        start, end = self._all or (now, now)
        return (end - now).total_seconds() if start <= now < end else 0.0

    def failures(self, subjects: Mapping[str, Subject], now: datetime) -> Failures:
        """The polls that failed, as of `now`. Those of a subject that was changed are forgotten."""
        self._rows = {
            (subject_id, kind): row
            for (subject_id, kind), row in self._rows.items()
            if row.since <= now and subjects.get(subject_id) == row.subject
        }
        return {key: row.last for key, row in self._rows.items()}
