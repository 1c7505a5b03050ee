"""Alerts as records of their topic: made, listed and removed."""

import secrets
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Lock

import orjson
from pydantic import SecretStr

from event_log import EventLog, LogUnavailableError, NewRecord, RecordRejectedError, Table
from key_vault import KeyVault, VaultError
from schemas import ALERTS, VIDEOS, Alert, AlertProgress, utc_now

MAX_ALERTS = 100
"""Each has a thread of its own while the service runs."""


@dataclass(frozen=True, slots=True)
class KnownAlert:
    """An alert, and how far it was told; None before anything was."""

    alert: Alert
    progress: AlertProgress | None


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where an alert is posted to, and what the posts are signed with."""

    webhook: SecretStr
    secret: SecretStr


class Alerts:
    """All alerts. Threads may share it. All methods raise LogUnavailableError."""

    def __init__(self, log: EventLog, vault: KeyVault) -> None:
        self._log = log
        self._vault = vault
        self._table: Table[Alert | AlertProgress] = Table(log, ALERTS.name, _parse)
        self._lock = Lock()

    def all(self) -> list[KnownAlert]:
        """The alerts, oldest first."""
        rows = self._table.refresh()
        alerts = [row for row in rows.values() if isinstance(row, Alert)]
        return [_known(alert, rows) for alert in sorted(alerts, key=lambda each: (each.created_at, each.id))]

    def get(self, wanted: str) -> KnownAlert | None:
        """The alert with this id."""
        return next((known for known in self.all() if known.alert.id == wanted), None)

    def left_over(self) -> list[AlertProgress]:
        """Progress of alerts that are not there: what was under way when they were removed wrote it afterwards."""
        rows = self._table.refresh()
        return [row for row in rows.values() if isinstance(row, AlertProgress) and f"alert/{row.id}" not in rows]

    def create(
        self, name: str, filters: Mapping[str, str], webhook: str, origin: str, secret: str | None
    ) -> tuple[Alert, str] | None:
        """The new alert, and its secret, which is made up when none is given; None when there are `MAX_ALERTS`.

        Another service may write one in the same moment. So who wrote one looks again, and takes back what lies
        behind the `MAX_ALERTS`th of the topic, whose one partition is the same for all. Where the log goes away
        before that look, the alert is kept and told, though it may be one too many. An error would be worse: the
        alert would be there all the same, its secret lost, and a second try would make another beside it.
        """
        secret = secret or secrets.token_urlsafe(32)
        target = orjson.dumps({"webhook": webhook, "secret": secret}).decode()
        alert = Alert(
            id=secrets.token_hex(8),
            name=name,
            filters=dict(filters),
            webhook=origin,
            encrypted=self._vault.encrypt(target),
            created_at=utc_now(),
            starts_at=self._ends(),
        )
        with self._lock:
            if len(self.all()) >= MAX_ALERTS:
                return None
            self._write(NewRecord(ALERTS.name, alert.key, alert.to_json()))
            with suppress(LogUnavailableError):
                if self._place(alert) > MAX_ALERTS:
                    self._write(NewRecord(ALERTS.name, alert.key, None))
                    return None
        return alert, secret

    def remove(self, wanted: str) -> bool:
        """False when there is no such alert."""
        known = self.get(wanted)
        if known is None:
            return False
        gone = [known.alert.key, *([known.progress.key] if known.progress else [])]
        self._write(*(NewRecord(ALERTS.name, key, None) for key in gone))
        return True

    def target(self, alert: Alert) -> WebhookTarget:
        """Where it is posted to. Raises VaultError when it was encrypted with another secret."""
        read = orjson.loads(self._vault.decrypt(alert.encrypted).get_secret_value())
        return WebhookTarget(SecretStr(read["webhook"]), SecretStr(read["secret"]))

    def can_read(self, alert: Alert) -> bool:
        """Whether its webhook and secret can be read here, without which it is not delivered."""
        try:
            self.target(alert)
        except VaultError:
            return False
        return True

    def close(self) -> None:
        """Frees the reader."""
        self._table.close()

    def _place(self, alert: Alert) -> int:
        """Which one of the topic it is, counted from 1; 0 while it cannot be read there, as behind a transaction that
        is still open."""
        alerts = [key for key, row in self._table.refresh().items() if isinstance(row, Alert)]
        return alerts.index(alert.key) + 1 if alert.key in alerts else 0

    def _ends(self) -> dict[int, int]:
        with closing(self._log.reader([VIDEOS.name])) as reader:
            return {partition: end for (_, partition), end in reader.ends().items()}

    def _write(self, *records: NewRecord) -> None:
        try:
            self._log.append(records)
        except RecordRejectedError:
            # This is the first alert of an installation that is older than they are.
            self._log.create_topics([ALERTS])
            self._log.append(records)


def _known(alert: Alert, rows: Mapping[str, Alert | AlertProgress]) -> KnownAlert:
    progress = rows.get(f"progress/{alert.id}")
    return KnownAlert(alert, progress if isinstance(progress, AlertProgress) else None)


def _parse(key: str, value: bytes) -> Alert | AlertProgress | None:
    if key.startswith("alert/"):
        return Alert.model_validate_json(value)
    return AlertProgress.model_validate_json(value) if key.startswith("progress/") else None
