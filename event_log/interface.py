"""The interface of the log. `kafka.py` and `embedded.py` implement it; `tests/event_log/` holds both to it.

Threads may share an `EventLog`; a `Reader` or `Consumer` belongs to one thread at a time. A topic that does not exist
yet reads as an empty one. A call that raises LogUnavailableError can be made again, and skips nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeAlias

from schemas import Topic

Headers = tuple[tuple[str, bytes], ...]

Positions: TypeAlias = Mapping[tuple[str, int], int]
"""The offset of the next record, for each topic and partition. One that is not named is at its beginning."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to append. A `value` of None is a tombstone: it removes the key from a compacted topic."""

    topic: str
    key: str | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. `offset` grows within a partition, not necessarily by one."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int


class Reader(Protocol):
    """Reads topics for itself alone: no group, nothing committed. It starts at their beginning."""

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Up to `max_records` next records; waits up to `timeout_s` for the first. Raises LogUnavailableError."""
        ...

    def read_to_end(self) -> list[Record]:
        """All records up to the end of the topics as it is at the time of the call. Raises LogUnavailableError."""
        ...

    def positions(self) -> Positions:
        """Behind everything that was returned so far."""
        ...

    def seek(self, positions: Positions) -> None:
        """Goes on from there, forwards or back; none may be behind the end. Raises LogUnavailableError."""
        ...

    def ends(self) -> Positions:
        """Behind the last records that can be read now. Raises LogUnavailableError."""
        ...

    def close(self) -> None:
        """Frees what the reader holds."""
        ...


class Consumer(Protocol):
    """A member of a consumer group. A group that never committed starts at the earliest record."""

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Up to `max_records` next records; waits up to `timeout_s` for the first. Raises LogUnavailableError."""
        ...

    def commit(self) -> None:
        """Commits, durably, everything that `poll` has returned so far. Raises LogUnavailableError."""
        ...

    def rewind(self) -> None:
        """Goes back to the last commit: the next `poll` returns again what was not committed."""
        ...

    def close(self) -> None:
        """Leaves the group; commits nothing."""
        ...


class Ownership(Protocol):
    """A claim to work that only one process may do at a time.

    Of all that claim the same name one at a time holds it; another takes over within 15 seconds after the holder
    died, and at once after it closed. Threads may share it.
    """

    def is_held(self) -> bool:
        """Whether it is held now. Never waits, never raises: while the log is away nothing is known to be held."""
        ...

    def append(self, records: Sequence[NewRecord]) -> None:
        """As `EventLog.append`, but on condition that nobody has taken over since it was acquired.

        Raises OwnershipLostError, and then none of the records can be read by anybody, if it is not held or another
        has taken over; and what `EventLog.append` raises.
        """
        ...

    def close(self) -> None:
        """Gives it up."""
        ...


class EventLog(Protocol):
    """An append-only log of records, by topic."""

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """Creates the topics that do not exist; leaves the others as they are. Raises LogUnavailableError."""
        ...

    def append(self, records: Sequence[NewRecord]) -> None:
        """Appends, and returns only when every record is durable and acknowledged.

        Records of one key keep their order. Raises RecordRejectedError for a record that can never be taken: an
        unknown topic, more than 1 MB, no key on a compacted topic. Raises LogUnavailableError when it is not known
        that all were taken. After either, some of the others may have been appended.
        """
        ...

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        """Joins a consumer group."""
        ...

    def reader(self, topics: Sequence[str]) -> Reader:
        """Reads topics, from the beginning at first."""
        ...

    def count(self, topics: Sequence[str], *, not_committed_by: str | None = None) -> dict[tuple[str, int], int]:
        """How many records each partition of the topics keeps, by topic and partition.

        With a group, those that it has not committed, which is how far it is behind. Raises LogUnavailableError.
        """
        ...

    def own(self, name: str) -> Ownership:
        """Joins the claimants of `name`; it is held once `is_held` says so."""
        ...

    def check(self) -> None:
        """Raises LogUnavailableError when the log does not answer, LogAccessError when it lets this one not in."""
        ...

    def close(self) -> None:
        """Frees what the log holds; what was acknowledged stays."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...
