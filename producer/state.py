"""What the producer reads from the log: what people wish for, and what it noted of its own work."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from pydantic import ValidationError

from event_log import EventLog, NewRecord, Table
from observability import event_logger
from schemas import (
    CONTROL,
    POLL_STATE,
    ApiKey,
    ChannelProgress,
    KeyHealth,
    ProducerStatus,
    ProjectQuota,
    Subject,
    SubjectProgress,
)

logs = event_logger("producer")

Wish = Subject | ApiKey
Note = SubjectProgress | ChannelProgress | ProjectQuota | KeyHealth
Row = TypeVar("Row", Subject, ApiKey, SubjectProgress, ChannelProgress, ProjectQuota, KeyHealth)


class Appender(Protocol):
    """What writes go through: the log itself or, where several producers may run, what the owner of the work has."""

    def append(self, records: Sequence[NewRecord]) -> None:
        """See `EventLog.append`."""
        ...


class Control:
    """The subjects to follow and the keys to use: the control topic, as of the last `refresh`. Both are by id."""

    def __init__(self, log: EventLog, appender: Appender | None = None) -> None:
        self._appender = appender or log
        self._table: Table[Wish] = Table(log, CONTROL.name, _read_wish)
        self.subjects: dict[str, Subject] = {}
        self.keys: dict[str, ApiKey] = {}

    def refresh(self) -> None:
        """Reads what was written meanwhile. Raises LogUnavailableError."""
        rows = self._table.refresh()
        self.subjects = _by_id(rows, Subject)
        self.keys = _by_id(rows, ApiKey)

    def write(self, wish: Wish) -> None:
        """Writes a wish in the name of the settings; durable when it returns. Raises LogError."""
        self._appender.append([NewRecord(CONTROL.name, wish.key, wish.to_json())])

    def remove(self, wish: Wish) -> None:
        """Takes a wish back; durable when it returns. Raises LogError."""
        self._appender.append([NewRecord(CONTROL.name, wish.key, None)])

    def close(self) -> None:
        """Frees the reader."""
        self._table.close()


class Notebook:
    """The poll state: progress by subject and by channel id, quota by project id, health by key id.

    Only the producer that owns the work writes it.

    What `write` returned from is durable and shown at once. After an error it is not known whether the log took
    the note: `refresh` tells.
    """

    def __init__(self, log: EventLog, appender: Appender | None = None) -> None:
        self._appender = appender or log
        self._table: Table[Note] = Table(log, POLL_STATE.name, _read_note)
        self.progress: dict[str, SubjectProgress] = {}
        self.channels: dict[str, ChannelProgress] = {}
        self.quotas: dict[str, ProjectQuota] = {}
        self.health: dict[str, KeyHealth] = {}

    def refresh(self) -> None:
        """Reads everything that was written, also before a restart. Raises LogUnavailableError."""
        rows = self._table.refresh()
        self.progress = _by_id(rows, SubjectProgress)
        self.channels = _by_id(rows, ChannelProgress)
        self.quotas = _by_id(rows, ProjectQuota)
        self.health = _by_id(rows, KeyHealth)

    def write(self, note: Note) -> None:
        """Writes a note; durable when it returns. Raises LogError."""
        self._appender.append([NewRecord(POLL_STATE.name, note.key, note.to_json())])
        match note:
            case SubjectProgress():
                self.progress[note.id] = note
            case ChannelProgress():
                self.channels[note.id] = note
            case ProjectQuota():
                self.quotas[note.id] = note
            case KeyHealth():
                self.health[note.id] = note

    def tell(self, status: ProducerStatus) -> None:
        """Writes what people are to see. Raises LogError."""
        self._appender.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])

    def forget(self, note: Note) -> None:
        """Removes a note for good; durable when it returns. Raises LogError."""
        self._appender.append([NewRecord(POLL_STATE.name, note.key, None)])
        match note:
            case SubjectProgress():
                self.progress.pop(note.id, None)
            case ChannelProgress():
                self.channels.pop(note.id, None)
            case ProjectQuota():
                self.quotas.pop(note.id, None)
            case KeyHealth():
                self.health.pop(note.id, None)

    def close(self) -> None:
        """Frees the reader."""
        self._table.close()


def _by_id(rows: Mapping[str, object], kind: type[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows.values() if isinstance(row, kind)}


def _read_wish(key: str, value: bytes) -> Wish | None:
    if key.startswith("subject/"):
        return _read(Subject, key, value)
    return _read(ApiKey, key, value) if key.startswith("api-key/") else None


def _read_note(key: str, value: bytes) -> Note | None:
    if key.startswith("subject/"):
        return _read(SubjectProgress, key, value)
    if key.startswith("channel/"):
        return _read(ChannelProgress, key, value)
    if key.startswith("project/"):
        return _read(ProjectQuota, key, value)
    return _read(KeyHealth, key, value) if key.startswith("api-key/") else None


def _read(kind: type[Row], key: str, value: bytes) -> Row | None:
    """The row, or None for what cannot be read: the log names it, and the rest goes on."""
    try:
        row = kind.model_validate_json(value)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    else:
        if row.key == key:
            return row
        wrong = f"its key and its id do not belong together: {row.key} was expected"
    logs.error("record_unreadable", key=key, wrong=wrong)
    return None
