"""What people ask to be followed, and with which keys, as records of the control topic."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from event_log import EventLog, Table
from key_vault import KeyVault
from query_api.control_topic import ControlTopic, Rows
from schemas import (
    POLL_STATE,
    ApiKey,
    KeyHealth,
    Subject,
    SubjectError,
    Unfollowed,
    check_channel,
    subject_id,
    utc_now,
)
from schemas.control import DEFAULT_PAST, MAX_CHANNELS, clean_query

_SECOND = timedelta(seconds=1)


class Control:
    """Subjects and keys. Threads may share it. Every call reads the control topic to its end first.

    All methods raise LogUnavailableError.
    """

    def __init__(self, log: EventLog, vault: KeyVault, default_since: datetime | None) -> None:
        self._topic = ControlTopic(log)
        self._vault = vault
        self._default_since = default_since
        self._health: Table[KeyHealth] = Table(log, POLL_STATE.name, _parse_health)

    def subjects(self) -> list[Subject]:
        """What is followed, oldest first."""
        with self._topic.rows() as rows:
            found = [row for row in rows.values() if isinstance(row, Subject)]
        return sorted(found, key=lambda each: (each.followed_at, each.id))

    def subject(self, wanted: str) -> Subject | None:
        """The subject with this id, if it is followed."""
        with self._topic.rows() as rows:
            row = rows.get(f"subject/{wanted}")
        return row if isinstance(row, Subject) else None

    def follow(self, query: str, since: datetime | None, channels: Collection[str] = ()) -> tuple[Subject, bool]:
        """The subject, and whether it is new. Raises SubjectError.

        Without a query, every upload of the channels is followed. Of a known one, an earlier `since` widens it and
        channels are added.
        """
        query, channels = _checked(query, channels)
        with self._topic.rows() as rows:
            known = rows.get(f"subject/{subject_id(query, channels)}")
            if isinstance(known, Subject):
                subject = known.model_copy(
                    update={
                        "since": min(known.since, since or known.since),
                        "channels": _few_enough({*known.channels, *channels}),
                    }
                )
                if subject == known:
                    return known, False
            else:
                now = utc_now()
                begin = since or self._default_since or now - DEFAULT_PAST
                subject = Subject(
                    id=subject_id(query, channels), query=query, channels=channels, since=begin, followed_at=now
                )
            # What was to go when it was unfollowed is wanted again.
            self._topic.write(subject, remove=_present(rows, f"unfollowed/{subject.id}"))
            return subject, not isinstance(known, Subject)

    def unfollow(self, wanted: str, *, delete_videos: bool = False) -> bool:
        """False when no such subject is followed. `delete_videos`: those that no other subject found."""
        asked = Unfollowed(id=wanted, unfollowed_at=utc_now())
        with self._topic.rows() as rows:
            if f"subject/{wanted}" not in rows:
                return False
            rest = [f"subject/{wanted}"]
            if delete_videos:
                self._topic.write(asked, remove=rest)
            else:
                self._topic.write(remove=[*rest, *_present(rows, asked.key)])
            return True

    def api_keys(self) -> list["KnownKey"]:
        """The stored keys and what is known of them, the one added first first."""
        with self._topic.rows() as rows:
            found = [row for row in rows.values() if isinstance(row, ApiKey)]
        health = self._health.refresh()
        return [
            KnownKey(key, health.get(key.key)) for key in sorted(found, key=lambda each: (each.added_at, each.id))
        ]

    def key(self, wanted: str) -> "KnownKey | None":
        """The key with this id, if it is stored."""
        return next((known for known in self.api_keys() if known.key.id == wanted), None)

    def add_key(self, key: str, project: str | None) -> tuple[ApiKey, bool]:
        """The stored key, and whether it is new. Raises InvalidKeyError.

        Adding a known one that YouTube refused asks for a check of it; another `project` moves it.
        """
        sealed = self._vault.seal(key, source="api", added_at=utc_now(), project=project)
        with self._topic.rows() as rows:
            known = rows.get(sealed.key)
            if isinstance(known, ApiKey):
                health = self._health.refresh().get(known.key)
                update: dict[str, object] = {"project": project or known.project}
                if health is not None and health.refuses(known):
                    update["check_asked_at"] = _after(health)
                sealed = known.model_copy(update=update)
                if sealed == known:
                    return known, False
            self._topic.write(sealed)
            return sealed, not isinstance(known, ApiKey)

    def ask_check(self, wanted: str) -> ApiKey | None:
        """Asks the producer to check a key anew; None when it is not stored."""
        with self._topic.rows() as rows:
            known = rows.get(f"api-key/{wanted}")
            if not isinstance(known, ApiKey):
                return None
            asked = known.model_copy(update={"check_asked_at": _after(self._health.refresh().get(known.key))})
            self._topic.write(asked)
            return asked

    def remove_key(self, wanted: str) -> bool:
        """False when no such key is stored."""
        return self._topic.remove(f"api-key/{wanted}")

    def health_of(self, key: ApiKey) -> KeyHealth | None:
        """What the producer found out about the key so far."""
        return self._health.refresh().get(key.key)

    def close(self) -> None:
        """Frees the readers."""
        self._topic.close()
        self._health.close()


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A stored key, and what the producer found out about it, if anything."""

    key: ApiKey
    health: KeyHealth | None


def _checked(query: str, channels: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """A query and channels that can be followed. Raises SubjectError."""
    checked = _few_enough({check_channel(channel) for channel in channels})
    return ("" if checked and not query.strip() else clean_query(query)), checked


def _few_enough(channels: Collection[str]) -> tuple[str, ...]:
    if len(channels) > MAX_CHANNELS:
        raise SubjectError(f"the subject would have {len(channels)} channels: at most {MAX_CHANNELS} are accepted")
    return tuple(sorted(channels))


def _present(rows: Rows, key: str) -> list[str]:
    return [key] if key in rows else []


def _after(health: KeyHealth | None) -> datetime:
    """Later than all that is known of a key, which may be of this very second."""
    known = [moment for moment in (health.checked_at, health.retired_at) if moment is not None] if health else []
    return max([utc_now(), *(moment + _SECOND for moment in known)])


def _parse_health(key: str, value: bytes) -> KeyHealth | None:
    return KeyHealth.model_validate_json(value) if key.startswith("api-key/") else None
