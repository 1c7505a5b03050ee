"""The log in one SQLite file: for one machine, several threads and several processes."""

import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Self

import orjson

from event_log.admission import check_records
from event_log.embedded_file import errors_explained, open_for_reading, open_for_writing, write_transaction
from event_log.embedded_ownership import Condition, EmbeddedOwnership
from event_log.embedded_reading import Arrivals, EmbeddedConsumer, EmbeddedReader, pack_headers
from event_log.embedded_upkeep import outdated
from event_log.errors import LogUnavailableError
from event_log.interface import NewRecord
from observability import event_logger
from schemas import Topic

_REMOVED_AT_ONCE = 1000
_UPKEEP_EVERY_S = 3600.0

_INSERT_RECORD = "INSERT INTO record (topic_id, timestamp_ms, key, headers, value) VALUES (?, ?, ?, ?, ?)"
# Of two members of a group, the one that is behind must not take the group back.
_COMMIT = """INSERT INTO committed (group_name, topic, next_offset) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET next_offset = max(next_offset, excluded.next_offset)"""

_COUNT = """SELECT name, (SELECT count(*) FROM record INDEXED BY record_by_topic
        WHERE topic_id = topic.id AND offset >= coalesce(
            (SELECT next_offset FROM committed WHERE group_name = :group AND committed.topic = topic.name), 0))
    FROM topic WHERE name IN (SELECT value FROM json_each(:topics))"""

logs = event_logger("event_log")


def _wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


class EmbeddedLog:
    """Implements `EventLog` on the SQLite file at `path`; each topic has partition 0 only.

    An `append` is one transaction: readers see all of it or nothing. It waits up to `busy_timeout_s` seconds for
    other writers. `clock_ms` stamps the records, in milliseconds since 1970. `maintain` is called at the start, and
    every `upkeep_every_s` seconds until `close`. Raises LogUnavailableError when the file cannot be used; the text
    says what to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_timeout_s: float = 10.0,
        clock_ms: Callable[[], int] = _wall_clock_ms,
        upkeep_every_s: float = _UPKEEP_EVERY_S,
    ) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._clock_ms = clock_ms
        self._lock = Lock()
        self._arrivals = Arrivals()
        self._topics: dict[str, tuple[int, bool]] = {}
        self._writer = open_for_writing(path, busy_timeout_s)
        try:
            self.maintain(clock_ms())
        except BaseException:
            self._writer.close()
            raise
        self._closing = Event()
        self._upkeep = Thread(
            target=self._keep_up, args=(upkeep_every_s,), name=f"upkeep of {path.name}", daemon=True
        )
        self._upkeep.start()

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """See `EventLog`."""
        rows = [(topic.name, _milliseconds(topic.retention)) for topic in topics]
        with self._transaction() as writer:
            writer.executemany("INSERT INTO topic (name, retention_ms) VALUES (?, ?) ON CONFLICT DO NOTHING", rows)

    def append(self, records: Sequence[NewRecord]) -> None:
        """See `EventLog`. When it raises, nothing was appended."""
        if records:
            self._append(records, _unconditionally)

    def consumer(self, group: str, topics: Sequence[str]) -> EmbeddedConsumer:
        """See `EventLog`. Every member of a group gets every record: run one."""

        def commit(offsets: Mapping[str, int]) -> None:
            rows = [(group, topic, offset) for topic, offset in offsets.items()]
            with self._transaction() as writer:
                writer.executemany(_COMMIT, rows)

        with self._writing() as writer:
            rows = writer.execute("SELECT topic, next_offset FROM committed WHERE group_name = ?", (group,))
            committed = {topic: offset for topic, offset in rows if topic in topics}
        connection = open_for_reading(self._path, self._busy_timeout_s)
        return EmbeddedConsumer(connection, self._path, topics, self._arrivals, committed=committed, commit=commit)

    def reader(self, topics: Sequence[str]) -> EmbeddedReader:
        """See `EventLog`."""
        connection = open_for_reading(self._path, self._busy_timeout_s)
        return EmbeddedReader(connection, self._path, topics, self._arrivals)

    def count(self, topics: Sequence[str], *, not_committed_by: str | None = None) -> dict[tuple[str, int], int]:
        """See `EventLog`."""
        with closing(open_for_reading(self._path, self._busy_timeout_s)) as reading, errors_explained(self._path):
            rows = reading.execute(_COUNT, {"group": not_committed_by, "topics": orjson.dumps(list(topics)).decode()})
            return {(topic, 0): count for topic, count in rows}

    def own(self, name: str) -> EmbeddedOwnership:
        """See `EventLog`. Held within a second when nobody else holds it."""
        reading = open_for_reading(self._path, self._busy_timeout_s)
        return EmbeddedOwnership(name, self._path, reading, self._transaction, self._append)

    def check(self) -> None:
        """See `EventLog`."""
        with self._writing() as writer:
            writer.execute("SELECT count(*) FROM topic").fetchone()

    def maintain(self, now_ms: int) -> None:
        """Compacts the compacted topics and removes what is older than the others keep, as of `now_ms`.

        Compacted topics keep the newest record of every key, and a tombstone for 24 hours. Meanwhile others can
        read, and append between two steps. Raises LogUnavailableError.
        """
        removed = 0
        with closing(open_for_reading(self._path, self._busy_timeout_s)) as reading, errors_explained(self._path):
            for offsets in outdated(reading, now_ms):
                self._remove(offsets)
                removed += len(offsets)
        if removed:
            logs.info("log_cleaned", records_removed=removed)

    def close(self) -> None:
        """See `EventLog`."""
        self._closing.set()
        self._upkeep.join()
        with self._lock:
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _append(self, records: Sequence[NewRecord], condition: Condition) -> None:
        with self._writing() as writer:
            topics = self._known_topics(record.topic for record in records)
            check_records(records, topics, {name for name, (_, compacted) in topics.items() if compacted})
            now_ms = self._clock_ms()
            rows = [
                (topics[record.topic][0], now_ms, record.key, pack_headers(record.headers), record.value)
                for record in records
            ]
            with write_transaction(writer):
                condition(writer)
                writer.executemany(_INSERT_RECORD, rows)
        self._arrivals.announce()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing() as writer, write_transaction(writer):
            yield writer

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The one connection that writes, for one thread at a time."""
        if not self._lock.acquire(timeout=self._busy_timeout_s):
            raise LogUnavailableError(
                f"event log {self._path}: another thread has been writing for too long: try again"
            )
        try:
            with errors_explained(self._path):
                yield self._writer
        finally:
            self._lock.release()

    def _keep_up(self, every_s: float) -> None:
        while not self._closing.wait(every_s):
            try:
                self.maintain(self._clock_ms())
            except LogUnavailableError as error:
                logs.warning("log_not_cleaned", reason=error, again_in_s=every_s)

    def _known_topics(self, wanted: Iterable[str]) -> Mapping[str, tuple[int, bool]]:
        """Id of every topic and whether it is compacted. Another process may have created some since."""
        if not self._topics.keys() >= set(wanted):
            rows = self._writer.execute("SELECT name, id, retention_ms IS NULL FROM topic")
            self._topics = {name: (topic_id, bool(compacted)) for name, topic_id, compacted in rows}
        return self._topics

    def _remove(self, offsets: "array[int]") -> None:
        for start in range(0, len(offsets), _REMOVED_AT_ONCE):
            rows = [(offset,) for offset in offsets[start : start + _REMOVED_AT_ONCE]]
            with self._transaction() as writer:
                writer.executemany("DELETE FROM record WHERE offset = ?", rows)


def _unconditionally(_writer: sqlite3.Connection) -> None:
    """The condition of an append that has none."""


def _milliseconds(span: timedelta | None) -> int | None:
    return None if span is None else span // timedelta(milliseconds=1)
