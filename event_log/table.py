"""A compacted topic as a table: the newest value of every key."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from event_log.interface import EventLog, Reader, Record
from observability import event_logger

V = TypeVar("V")

logs = event_logger("event_log")

_LAST_READ_S = 1.0
"""For a read under way when the table is closed."""


class Table(Generic[V]):
    """The newest value of every key of a compacted topic, as of the last `refresh`. Safe to share by threads.

    Gives: a mapping of record keys to what `parse(key, value)` made of them; a key for which it returned None
    is left out, and so is, with a log line, one for which it raised ValueError: one bad record must not hide the
    others. Raises LogUnavailableError while the log is away, and takes up where it was afterwards.
    """

    def __init__(self, log: EventLog, topic: str, parse: Callable[[str, bytes], V | None]) -> None:
        self._log = log
        self._topic = topic
        self._parse = parse
        self._rows: dict[str, V] = {}
        self._reader: Reader | None = None
        self._lock = Lock()

    def refresh(self) -> Mapping[str, V]:
        """Reads up to the end of the topic as it is now, and returns a copy of the rows."""
        with self._lock:
            if self._reader is None:
                self._reader = self._log.reader([self._topic])
            for record in self._reader.read_to_end():
                if record.key is not None:
                    self._apply(record, record.key)
            return dict(self._rows)

    def close(self) -> None:
        """Frees the reader. One whose read goes on for a second more, as while Kafka is away, is left as it is."""
        if not self._lock.acquire(timeout=_LAST_READ_S):
            return
        try:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
        finally:
            self._lock.release()

    def _apply(self, record: Record, key: str) -> None:
        row = None if record.value is None else self._parsed(record, key, record.value)
        if row is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row

    def _parsed(self, record: Record, key: str, value: bytes) -> V | None:
        try:
            return self._parse(key, value)
        except ValueError as error:
            # Not its text, which may quote the value.
            logs.warning(
                "record_unreadable",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                key=key,
                error=type(error).__name__,
            )
            return None
