"""What people ask to be followed, and with which keys, as records of the control topic."""

from datetime import datetime, timedelta

from event_log import EventLog, NewRecord, Table
from key_vault import KeyVault
from schemas import CONTROL, ApiKey, Subject, subject_id, utc_now
from schemas.control import clean_query

DEFAULT_PAST = timedelta(days=7)


class Control:
    """Subjects and keys. Every call reads the control topic to its end first; raises LogUnavailableError."""

    def __init__(self, log: EventLog, vault: KeyVault, default_since: datetime | None) -> None:
        self._log = log
        self._vault = vault
        self._default_since = default_since
        self._table = Table(log, CONTROL.name, _parse)

    def subjects(self) -> list[Subject]:
        """What is followed, oldest first."""
        rows = self._table.refresh().values()
        return sorted((row for row in rows if isinstance(row, Subject)), key=lambda each: (each.followed_at, each.id))

    def follow(self, query: str, since: datetime | None) -> tuple[Subject, bool]:
        """The subject, and whether it is new. An earlier `since` widens a known one. Raises SubjectError."""
        query = clean_query(query)
        known = self._table.refresh().get(f"subject/{subject_id(query)}")
        now = utc_now()
        if isinstance(known, Subject):
            if since is None or since >= known.since:
                return known, False
            subject = known.model_copy(update={"since": since})
        else:
            begin = since or self._default_since or now - DEFAULT_PAST
            subject = Subject(id=subject_id(query), query=query, since=begin, followed_at=now)
        self._log.append([NewRecord(CONTROL.name, subject.key, subject.to_json())])
        return subject, not isinstance(known, Subject)

    def unfollow(self, wanted: str) -> bool:
        """False when no such subject is followed."""
        key = f"subject/{wanted}"
        if key not in self._table.refresh():
            return False
        self._log.append([NewRecord(CONTROL.name, key, None)])
        return True

    def add_key(self, key: str, project: str | None) -> tuple[ApiKey, bool]:
        """The stored key, and whether it is new. Raises InvalidKeyError."""
        sealed = self._vault.seal(key, source="api", added_at=utc_now(), project=project)
        known = self._table.refresh().get(sealed.key)
        if isinstance(known, ApiKey):
            return known, False
        self._log.append([NewRecord(CONTROL.name, sealed.key, sealed.to_json())])
        return sealed, True


def _parse(key: str, value: bytes) -> Subject | ApiKey | None:
    # A record that cannot be read is no reason to give up all others; the producer reports it.
    model = Subject if key.startswith("subject/") else ApiKey if key.startswith("api-key/") else None
    try:
        return model.model_validate_json(value) if model is not None else None
    except ValueError:
        return None
