"""What is left alone for a while, after something that trying again at once would not mend."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from producer.polls import Failure, Failures, Kind, Poll
from schemas import Subject
from waiting import Backoff

_WITH_OTHERS = Backoff(4.0, 15 * 60.0, factor=8)
_ITS_OWN = Backoff(4.0, 6 * 3600.0, factor=8)


@dataclass(frozen=True, slots=True)
class _Row:
    """Failures in a row of one poll, the last one `at` that time; so many of them were its own."""

    subject: Subject
    at: datetime
    last: Failure
    failures: int = 1
    its_own: int = 1

    @property
    def rest(self) -> timedelta:
        """How long to leave it alone after the last of them."""
        common_s = _WITH_OTHERS.pause_s(self.failures - 1)
        return timedelta(seconds=max(common_s, _ITS_OWN.pause_s(self.its_own)) if self.its_own else common_s)

    def rested(self, now: datetime) -> "_Row":
        """The same with its rest over by `now`."""
        return replace(self, last=replace(self.last, rests_until=min(self.last.rests_until, now)))


class Cooldown:
    """Remembers until when nothing, or a kind of poll of a subject, is to be tried.

    Kept in memory only: a restart tries everything once more. So does a clock that is set back.
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
            self._rows[subject.id, kind] = _Row(subject, now, Failure(until, now, told))

    def poll(self, poll: Poll, now: datetime, until: datetime, told: str) -> None:
        """No poll of this kind of the subject from `now` until then, as long as it stays as it is.

        It counts as carried out: what came back was of no use, but it came.
        """
        self._rows[poll.subject.id, poll.kind] = _Row(poll.subject, now, Failure(until, now, told))

    def failed(self, poll: Poll, now: datetime, told: str) -> None:
        """No such poll for a time that grows with its failures in a row.

        YouTube may fail on one query only: when another poll succeeded since its last failure, this one is its own,
        and counts as a poll that was carried out, so that it takes no more than its turn. In the end it rests for
        hours.
        """
        key = poll.subject.id, poll.kind
        before = self._rows.get(key) or _Row(poll.subject, now, Failure(now, None, told), 0, 0)
        its_own = before.failures > 0 and self._last_success is not None and self._last_success >= before.at
        served_at = now if its_own else before.last.served_at
        row = replace(before, at=now, failures=before.failures + 1, its_own=before.its_own + its_own)
        self._rows[key] = replace(row, last=Failure(now + row.rest, served_at, told))

    def succeeded(self, poll: Poll, now: datetime) -> None:
        """Ends the row of its failures, and the rest of what may have failed because YouTube did on everything."""
        self._rows.pop((poll.subject.id, poll.kind), None)
        self._rows = {key: row if row.its_own else row.rested(now) for key, row in self._rows.items()}
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
            if row.at <= now and subjects.get(subject_id) == row.subject
        }
        return {key: row.last for key, row in self._rows.items()}
