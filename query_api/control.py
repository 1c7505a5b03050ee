"""What people ask to be followed, and with which keys, as records of the control topic."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from event_log import EventLog, LogUnavailableError, NewRecord, Table
from key_vault import KeyVault
from schemas import CONTROL, POLL_STATE, ApiKey, KeyHealth, Subject, subject_id, utc_now
from schemas.control import clean_query

DEFAULT_PAST = timedelta(days=7)
_PATIENCE_S = 5.0

Rows = Mapping[str, Subject | ApiKey]


class Control:
    """Subjects and keys. Threads may share it. Every call reads the control topic to its end first.

    All methods raise LogUnavailableError.
    """

    def __init__(self, log: EventLog, vault: KeyVault, default_since: datetime | None) -> None:
        self._log = log
        self._vault = vault
        self._default_since = default_since
        self._table: Table[Subject | ApiKey] = Table(log, CONTROL.name, _parse)
        self._health: Table[KeyHealth] = Table(log, POLL_STATE.name, _parse_health)
        self._lock = Lock()
        self._has_topic = False

    def subjects(self) -> list[Subject]:
        """What is followed, oldest first."""
        with self._rows() as rows:
            found = [row for row in rows.values() if isinstance(row, Subject)]
        return sorted(found, key=lambda each: (each.followed_at, each.id))

    def follow(self, query: str, since: datetime | None) -> tuple[Subject, bool]:
        """The subject, and whether it is new. An earlier `since` widens a known one. Raises SubjectError."""
        query = clean_query(query)
        with self._rows() as rows:
            known = rows.get(f"subject/{subject_id(query)}")
            now = utc_now()
            if isinstance(known, Subject):
                if since is None or since >= known.since:
                    return known, False
                subject = known.model_copy(update={"since": since})
            else:
                begin = since or self._default_since or now - DEFAULT_PAST
                subject = Subject(id=subject_id(query), query=query, since=begin, followed_at=now)
            self._append(subject.key, subject.to_json())
            return subject, not isinstance(known, Subject)

    def unfollow(self, wanted: str) -> bool:
        """False when no such subject is followed."""
        key = f"subject/{wanted}"
        with self._rows() as rows:
            if key not in rows:
                return False
            self._append(key, None)
            return True

    def add_key(self, key: str, project: str | None) -> tuple[ApiKey, bool]:
        """The stored key, and whether it is new. Raises InvalidKeyError.

        Adding a known one that YouTube refused gives it another chance; another `project` moves it.
        """
        sealed = self._vault.seal(key, source="api", added_at=utc_now(), project=project)
        with self._rows() as rows:
            known = rows.get(sealed.key)
            if isinstance(known, ApiKey):
                health = self._health.refresh().get(known.key)
                added_at = known.added_at
                if health is not None and health.refuses(known):
                    # Later than the refusal, which may be of this very second.
                    added_at = max(sealed.added_at, health.retired_at or added_at) + timedelta(seconds=1)
                elif project is None or project == known.project:
                    return known, False
                sealed = known.model_copy(update={"project": project or known.project, "added_at": added_at})
            self._append(sealed.key, sealed.to_json())
            return sealed, not isinstance(known, ApiKey)

    @contextmanager
    def _rows(self) -> Iterator[Rows]:
        """The rows as they are now, for one thread at a time: what it decides on them still holds when it appends.

        Nobody waits for long, since the threads that wait are those that searches need as well.
        """
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise LogUnavailableError("the control topic: others have been waiting for the log for too long")
        try:
            yield self._table.refresh()
        finally:
            self._lock.release()

    def _append(self, key: str, value: bytes | None) -> None:
        if not self._has_topic:
            # This service may be the first that runs.
            self._log.create_topics([CONTROL])
            self._has_topic = True
        self._log.append([NewRecord(CONTROL.name, key, value)])


def _parse(key: str, value: bytes) -> Subject | ApiKey | None:
    if key.startswith("subject/"):
        return Subject.model_validate_json(value)
    return ApiKey.model_validate_json(value) if key.startswith("api-key/") else None


def _parse_health(key: str, value: bytes) -> KeyHealth | None:
    return KeyHealth.model_validate_json(value) if key.startswith("api-key/") else None
