"""Whether YouTube answers, as far as the calls of late tell. In memory only: after a restart the first call tells.

A call that never reached YouTube tells of all calls. One that was answered with an error, or not in time, may be a
matter of what was asked. It tells of all calls of its bucket when a second thing failed and nothing was answered in
between, or when there is nothing else that was answered when it was last asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from producer.errors import BurstError, UnavailableError
from producer.quota import Bucket


@dataclass(frozen=True, slots=True)
class CallPurpose:
    """What a call is for: the key that it has on the log, be it a subject, a channel or an API key.

    `part` is which kind of poll of a subject.
    """

    key: str
    part: str = ""


VIDEOS = CallPurpose("videos")
"""Lookups of videos, which are asked for many at once."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """YouTube does not answer calls of these buckets, or is not even `reached`. `reason` is of the last failure."""

    reached: bool
    buckets: frozenset[Bucket]
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class _Failure:
    since: datetime
    reason: str


@dataclass(slots=True)
class _Calls:
    """What came of the last call for each thing of a bucket; of the failures, which began after the last answer."""

    answered: set[CallPurpose] = field(default_factory=set)
    failing: dict[CallPurpose, _Failure] = field(default_factory=dict)
    fresh: set[CallPurpose] = field(default_factory=set)

    def note_answer(self, asked: CallPurpose) -> None:
        self.failing.pop(asked, None)
        self.fresh.clear()
        self.answered.add(asked)

    def note_failure(self, asked: CallPurpose, reason: str, now: datetime) -> None:
        before = self.failing.pop(asked, None)
        if before is None:
            self.fresh.add(asked)
        self.answered.discard(asked)
        # At the end: the last failure stands last.
        self.failing[asked] = replace(before, reason=reason) if before else _Failure(now, reason)

    def settle(self, asked: CallPurpose) -> None:
        self.failing.pop(asked, None)
        self.fresh.discard(asked)

    def forget(self, is_wanted: Callable[[CallPurpose], bool]) -> None:
        self.answered = set(filter(is_wanted, self.answered))
        self.fresh = set(filter(is_wanted, self.fresh))
        self.failing = {asked: failure for asked, failure in self.failing.items() if is_wanted(asked)}

    def general(self) -> _Failure | None:
        """What is wrong with all calls of the bucket."""
        if not self.failing or (len(self.fresh) < 2 and self.answered):
            return None
        since = min(failure.since for asked, failure in self.failing.items() if asked in self.fresh or not self.fresh)
        return _Failure(since, list(self.failing.values())[-1].reason)


class Reach:
    """Is told what came of every call."""

    def __init__(self) -> None:
        self._calls = {bucket: _Calls() for bucket in Bucket}
        self._unreached: dict[CallPurpose, _Failure] = {}

    def answered(self, bucket: Bucket, asked: CallPurpose) -> None:
        """YouTube answered, be it that it refuses the key or the request."""
        self._unreached.clear()
        self._calls[bucket].note_answer(asked)

    def failed(self, bucket: Bucket, asked: CallPurpose, error: UnavailableError | BurstError, now: datetime) -> None:
        """Notes a failure that may pass."""
        if isinstance(error, UnavailableError) and not error.sent:
            since = min((failure.since for failure in self._unreached.values()), default=now)
            self._unreached.pop(asked, None)
            self._unreached[asked] = _Failure(since, str(error))
        else:
            self._unreached.clear()
            self._calls[bucket].note_failure(asked, str(error), now)

    @property
    def has_failures(self) -> bool:
        """Whether the last call for anything failed."""
        return bool(self._unreached) or any(calls.failing for calls in self._calls.values())

    def settle(self, bucket: Bucket, asked: CallPurpose) -> None:
        """Nothing of this is to be asked at present: that it failed says nothing any more."""
        self._unreached.pop(asked, None)
        self._calls[bucket].settle(asked)

    def forget(self, is_wanted: Callable[[CallPurpose], bool]) -> None:
        """Forgets what nobody asks for any more, and so would never be seen to be answered."""
        self._unreached = {asked: failure for asked, failure in self._unreached.items() if is_wanted(asked)}
        for calls in self._calls.values():
            calls.forget(is_wanted)

    def away(self) -> Unanswered | None:
        """What is wrong with all calls, or all of a bucket; None while YouTube answers."""
        if self._unreached:
            *_, last = self._unreached.values()
            return Unanswered(reached=False, buckets=frozenset(Bucket), since=last.since, reason=last.reason)
        failing = {bucket: failure for bucket, calls in self._calls.items() if (failure := calls.general())}
        if not failing:
            return None
        first, *_ = failing.values()
        return Unanswered(
            reached=True,
            buckets=frozenset(failing),
            since=min(failure.since for failure in failing.values()),
            reason=first.reason,
        )
