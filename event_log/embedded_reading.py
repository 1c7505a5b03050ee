"""Reads the embedded log forward: the positions, the query, and the waiting for more."""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition

import orjson

from event_log.embedded_file import errors_explained
from event_log.interface import Headers, Positions, Record

_OTHER_PROCESS_PAUSE_S = 0.1
_NO_LIMIT = -1

# Without the named index SQLite may walk the records of all topics to find the few of a quiet one.
_RECORDS = """SELECT offset, key, headers, value, timestamp_ms FROM record INDEXED BY record_by_topic
    WHERE topic_id = (SELECT id FROM topic WHERE name = ?) AND offset >= ? ORDER BY offset LIMIT ?"""

_END = """SELECT coalesce(max(offset) + 1, 0) FROM record INDEXED BY record_by_topic
    WHERE topic_id = (SELECT id FROM topic WHERE name = ?)"""


class Arrivals:
    """Wakes the readers of this process when one of its threads has appended."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._count = 0

    def announce(self) -> None:
        """Something was appended."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def mark(self) -> int:
        """The moment from which `wait` looks for arrivals."""
        with self._condition:
            return self._count

    def wait(self, mark: int, timeout_s: float) -> bool:
        """Waits up to `timeout_s`; whether anything was appended since `mark`."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count != mark, timeout_s)


class EmbeddedReader:
    """Reads topics from their beginning. A topic that does not exist yet is empty."""

    def __init__(self, connection: sqlite3.Connection, path: Path, topics: Sequence[str], arrivals: Arrivals) -> None:
        self._connection = connection
        self._path = path
        self._arrivals = arrivals
        self._turns = deque(dict.fromkeys(topics))
        self._next_offsets = dict.fromkeys(topics, 0)

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """See `Reader`. Wakes at once for this process, within a tenth of a second for another one."""
        deadline = time.monotonic() + timeout_s
        with errors_explained(self._path):
            while True:
                mark, version = self._arrivals.mark(), self._data_version()
                records = self._take(max_records)
                if records or not self._wait(mark, version, deadline):
                    return records

    def read_to_end(self) -> list[Record]:
        """See `Reader`."""
        with errors_explained(self._path):
            return self._take(_NO_LIMIT)

    def positions(self) -> Positions:
        """See `Reader`."""
        return {(topic, 0): offset for topic, offset in self._next_offsets.items()}

    def seek(self, positions: Positions) -> None:
        """See `Reader`."""
        self._next_offsets = {topic: positions.get((topic, 0), 0) for topic in self._next_offsets}

    def ends(self) -> Positions:
        """See `Reader`."""
        with errors_explained(self._path):
            return {(topic, 0): self._connection.execute(_END, (topic,)).fetchone()[0] for topic in self._turns}

    def close(self) -> None:
        """See `Reader`."""
        self._connection.close()

    def _take(self, limit: int) -> list[Record]:
        records: list[Record] = []
        for topic in self._turns:
            records += self._read(topic, limit if limit == _NO_LIMIT else limit - len(records))
        self._turns.rotate(-1)  # so that a busy topic does not keep the others waiting
        # Only now, so that an error on one topic skips nothing of another.
        self._next_offsets.update((record.topic, record.offset + 1) for record in records)
        return records

    def _read(self, topic: str, limit: int) -> list[Record]:
        rows = self._connection.execute(_RECORDS, (topic, self._next_offsets[topic], limit))
        return [
            Record(topic, 0, offset, key, value, unpack_headers(headers), timestamp_ms)
            for offset, key, headers, value, timestamp_ms in rows
        ]

    def _wait(self, mark: int, version: int, deadline: float) -> bool:
        while (left := deadline - time.monotonic()) > 0:
            if self._arrivals.wait(mark, min(left, _OTHER_PROCESS_PAUSE_S)) or self._data_version() != version:
                return True
        return False

    def _data_version(self) -> int:
        """Changes when any other connection has committed, in this process or another."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)


class EmbeddedConsumer(EmbeddedReader):
    """The member of a consumer group. With one partition a topic there is nothing to share: run one per group."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        topics: Sequence[str],
        arrivals: Arrivals,
        *,
        committed: Mapping[str, int],
        commit: Callable[[Mapping[str, int]], None],
    ) -> None:
        super().__init__(connection, path, topics, arrivals)
        self._committed = dict.fromkeys(topics, 0) | dict(committed)
        self._commit = commit
        self.rewind()

    def commit(self) -> None:
        """See `Consumer`."""
        moved = {topic: offset for topic, offset in self._next_offsets.items() if offset != self._committed[topic]}
        if moved:
            self._commit(moved)
            self._committed.update(moved)

    def rewind(self) -> None:
        """See `Consumer`."""
        self._next_offsets.update(self._committed)


def pack_headers(headers: Headers) -> bytes | None:
    """Headers as JSON; latin-1 gives every byte of a value a character, and back."""
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in headers]) if headers else None


def unpack_headers(packed: bytes | None) -> Headers:
    """What `pack_headers` was given."""
    return tuple((name, value.encode("latin-1")) for name, value in orjson.loads(packed)) if packed else ()
