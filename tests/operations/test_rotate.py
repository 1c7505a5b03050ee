from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from event_log import EventLog, NewRecord, Table
from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from operations.rotate import rotate
from schemas import ALERTS, ALL_TOPICS, CONTROL, Alert, ApiKey, Subject
from tests.video_index.contract import NOON

KEY = "AIzaSy-not_a_real_key_0123456789abcdefg"
OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
BOTH = KeyVault(NEW + b"," + OLD)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


def an_alert(vault: KeyVault, alert_id: str = "a") -> Alert:
    encrypted = vault.encrypt('{"webhook": "https://hooks.example", "secret": "s"}')
    return Alert(
        id=alert_id,
        name="",
        filters={},
        webhook="",
        secret="",
        encrypted=encrypted,
        created_at=NOON,
        starts_at={0: 1},
    )


def stored(log: EventLog, topic: str, kind: type[ApiKey] | type[Alert], key: str) -> ApiKey | Alert:
    def parse(_: str, value: bytes) -> ApiKey | Alert | None:
        return kind.model_validate_json(value)

    with closing(Table(log, topic, parse)) as table:
        return table.refresh()[key]


def test_keys_and_alerts_need_the_old_secret_no_more_and_are_otherwise_as_they_were(log):
    key, alert = KeyVault(OLD).seal(KEY, source="api", added_at=NOON), an_alert(KeyVault(OLD))
    log.append([NewRecord(CONTROL.name, key.key, key.to_json()), NewRecord(ALERTS.name, alert.key, alert.to_json())])

    assert rotate(log, BOTH).renewed == 2

    for topic, before in ((CONTROL.name, key), (ALERTS.name, alert)):
        after = stored(log, topic, type(before), before.key)
        assert KeyVault(NEW).decrypt(after.encrypted) == KeyVault(OLD).decrypt(before.encrypted)
        assert after.model_copy(update={"encrypted": before.encrypted}) == before
    assert rotate(log, BOTH).renewed == 0


def test_other_records_stay_and_what_no_secret_reads_is_named(log):
    subject = Subject(id="tea", query="tea", since=NOON, followed_at=NOON)
    lost = an_alert(KeyVault(Fernet.generate_key()))
    log.append(
        [
            NewRecord(CONTROL.name, subject.key, subject.to_json()),
            NewRecord(ALERTS.name, lost.key, lost.to_json()),
            NewRecord(ALERTS.name, "progress/a", b"{}"),
        ]
    )

    report = rotate(log, BOTH)

    assert (report.renewed, report.unreadable) == (0, ("alert/a",))
