"""The control topic as a table that one thread at a time may decide on and write to."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from event_log import EventLog, LogUnavailableError, NewRecord, RecordRejectedError, Table
from schemas import CONTROL, ApiKey, Subject, Unfollowed

_PATIENCE_S = 5.0

Row = Subject | ApiKey | Unfollowed
Rows = Mapping[str, Row]


class ControlTopic:
    """Subjects, keys and subjects whose videos are to go, by record key. Threads may share it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._table: Table[Row] = Table(log, CONTROL.name, _parse)
        self._lock = Lock()

    @contextmanager
    def rows(self) -> Iterator[Rows]:
        """The rows as they are now, for one thread at a time: what it decides on them still holds when it appends.

        Nobody waits for long, since the threads are few. Raises LogUnavailableError.
        """
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise LogUnavailableError("the control topic: others have been waiting for the log for too long")
        try:
            yield self._table.refresh()
        finally:
            self._lock.release()

    def write(self, *rows: Row, remove: Iterable[str] = ()) -> None:
        """Writes rows, and tombstones for the keys of others; durable when it returns. Raises LogError."""
        records = [NewRecord(CONTROL.name, row.key, row.to_json()) for row in rows]
        records += [NewRecord(CONTROL.name, key, None) for key in remove]
        try:
            self._log.append(records)
        except RecordRejectedError:
            # This service may be the first that runs, or somebody removed the topic.
            self._log.create_topics([CONTROL])
            self._log.append(records)

    def remove(self, key: str) -> bool:
        """Removes a row; False when there is none with that key. Raises LogError."""
        with self.rows() as rows:
            if key not in rows:
                return False
            self.write(remove=[key])
            return True

    def close(self) -> None:
        """Frees the reader."""
        self._table.close()


def _parse(key: str, value: bytes) -> Row | None:
    if key.startswith("subject/"):
        return Subject.model_validate_json(value)
    if key.startswith("unfollowed/"):
        return Unfollowed.model_validate_json(value)
    return ApiKey.model_validate_json(value) if key.startswith("api-key/") else None
