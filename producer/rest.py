"""What is left alone for a while, after something that trying again at once would not mend."""

from collections.abc import Mapping
from datetime import UTC, datetime

from producer.schedule import Kind, Poll
from schemas import Subject


class Rest:
    """Remembers until when nothing, or a kind of poll of a subject, is to be tried.

    Kept in memory only: a restart tries everything once more.
    """

    def __init__(self) -> None:
        self._all_until = datetime.min.replace(tzinfo=UTC)
        self._polls: dict[tuple[str, Kind], tuple[Subject, datetime]] = {}

    def everything(self, until: datetime) -> None:
        """No poll at all until then."""
        self._all_until = until

    def subject(self, subject: Subject, until: datetime) -> None:
        """No poll of this subject until then, as long as it stays as it is."""
        for kind in Kind:
            self._polls[subject.id, kind] = (subject, until)

    def poll(self, poll: Poll, until: datetime) -> None:
        """No poll of this kind of the subject until then, as long as it stays as it is."""
        self._polls[poll.subject.id, poll.kind] = (poll.subject, until)

    def seconds_left(self, now: datetime) -> float:
        """How long everything rests from `now` on."""
        return max(0.0, (self._all_until - now).total_seconds())

    def resting(self, subjects: Mapping[str, Subject], now: datetime) -> frozenset[tuple[str, Kind]]:
        """Subject ids and kinds of poll that rest at `now`. A subject that was changed rests no more."""
        self._polls = {
            (subject_id, kind): (subject, until)
            for (subject_id, kind), (subject, until) in self._polls.items()
            if until > now and subjects.get(subject_id) == subject
        }
        return frozenset(self._polls)
