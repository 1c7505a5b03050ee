"""Encrypts what is stored encrypted with the first of the secrets, once a new one was put before the old."""

from dataclasses import dataclass

from event_log import EventLog, NewRecord
from key_vault import KeyVault, VaultError
from operations.backup import live
from operations.readable import secret_in
from schemas import ALERTS, CONTROL


@dataclass(slots=True)
class RotateReport:
    """How many records were written anew, and the keys of those that none of the secrets decrypts."""

    renewed: int = 0
    unreadable: tuple[str, ...] = ()


def rotate(log: EventLog, vault: KeyVault) -> RotateReport:
    """API keys and alerts, but for those that are encrypted with the first already. Raises LogUnavailableError."""
    report = RotateReport()
    for topic in (CONTROL, ALERTS):
        for key, record in live(log, topic.name).items():
            stored = secret_in(key, record.value or b"")
            if stored is None:
                continue
            try:
                token = vault.renewed(stored.encrypted)
            except VaultError:
                report.unreadable += (key,)
                continue
            if token is not None:
                renewed = stored.model_copy(update={"encrypted": token})
                log.append([NewRecord(topic.name, key, renewed.to_json())])
                report.renewed += 1
    return report
