"""The control topic as a table that one thread at a time may decide on and write to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from event_log import EventLog, LogUnavailableError, NewRecord, RecordRejectedError, Table
from schemas import CONTROL, ApiKey, Subject

_PATIENCE_S = 5.0

Rows = Mapping[str, Subject | ApiKey]


class ControlTopic:
    """Subjects and keys, by record key. Threads may share it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._table: Table[Subject | ApiKey] = Table(log, CONTROL.name, _parse)
        self._lock = Lock()

    @contextmanager
    def rows(self) -> Iterator[Rows]:
        """The rows as they are now, for one thread at a time: what it decides on them still holds when it appends.

        Nobody waits for long, since the threads that wait are those that searches need as well. Raises
        LogUnavailableError.
        """
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise LogUnavailableError("the control topic: others have been waiting for the log for too long")
        try:
            yield self._table.refresh()
        finally:
            self._lock.release()

    def append(self, key: str, value: bytes | None) -> None:
        """Writes a record, or a tombstone; durable when it returns. Raises LogError."""
        record = NewRecord(CONTROL.name, key, value)
        try:
            self._log.append([record])
        except RecordRejectedError:
            # This service may be the first that runs, or somebody removed the topic.
            self._log.create_topics([CONTROL])
            self._log.append([record])

    def remove(self, key: str) -> bool:
        """Removes a row; False when there is none with that key. Raises LogError."""
        with self.rows() as rows:
            if key not in rows:
                return False
            self.append(key, None)
            return True


def _parse(key: str, value: bytes) -> Subject | ApiKey | None:
    if key.startswith("subject/"):
        return Subject.model_validate_json(value)
    return ApiKey.model_validate_json(value) if key.startswith("api-key/") else None
