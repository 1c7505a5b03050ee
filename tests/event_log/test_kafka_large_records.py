"""The producer's status tells of every subject in one record: a real broker takes it however many they are."""

import os
import time
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from event_log import NewRecord, RecordRejectedError
from event_log.kafka import KafkaLog
from schemas import CONTROL, POLL_STATE, BackfillStatus, ProducerStatus, SubjectStatus, utc_now
from tests.event_log.contract.steps import PATIENCE_S, new_group, values

pytestmark = pytest.mark.kafka

SUBJECTS_OF_3_MB = 10_000


def a_status(subjects: int) -> NewRecord:
    now = utc_now()
    status = ProducerStatus(
        at=now,
        instance="one",
        waiting=None,
        subjects=tuple(
            SubjectStatus(
                id=f"a-subject-of-several-words-{n:06}",
                query=f'"a subject" of|several words {n:06}',
                last_poll_at=now,
                next_poll_at=now,
                found=70 + n,
                new=50 + n,
                expected_delay_s=430.5 + n,
                channels=3,
                backfill=BackfillStatus(windows_done=n, windows_left=2, days_left=0.5),
            )
            for n in range(subjects)
        ),
    )
    return NewRecord(POLL_STATE.name, status.key, status.to_json())


@pytest.fixture
def log(kafka_bootstrap_servers: str) -> Iterator[KafkaLog]:
    with KafkaLog(kafka_bootstrap_servers) as log:
        yield log


def as_an_earlier_version_made_it(bootstrap_servers: str) -> None:
    """Makes the topic take no more than Kafka's default again."""
    default = ConfigEntry("max.message.bytes", "1048588", incremental_operation=AlterConfigOpType.SET)
    topic = ConfigResource(ConfigResource.Type.TOPIC, POLL_STATE.name, incremental_configs=[default])
    client = AdminClient({"bootstrap.servers": bootstrap_servers})
    [altered] = client.incremental_alter_configs([topic]).values()
    altered.result()


def newest(log: KafkaLog) -> bytes | None:
    reader = log.reader([POLL_STATE.name])
    try:
        return values(reader.read_to_end())[-1]
    finally:
        reader.close()


def test_a_status_of_3_mb_is_written_and_read_also_in_a_topic_that_an_earlier_version_made(
    log, kafka_bootstrap_servers
):
    log.create_topics([CONTROL, POLL_STATE])
    as_an_earlier_version_made_it(kafka_bootstrap_servers)
    record = a_status(SUBJECTS_OF_3_MB)
    assert len(record.value or b"") > 3_000_000

    log.create_topics([POLL_STATE])
    ownership = log.own(new_group())
    deadline = time.monotonic() + PATIENCE_S
    while not ownership.is_held() and time.monotonic() < deadline:
        time.sleep(0.05)
    ownership.append([record])
    ownership.close()

    assert newest(log) == record.value


def test_records_that_do_not_shrink_are_taken_too_up_to_16_mb(log, kafka_bootstrap_servers):
    log.create_topics([POLL_STATE])
    as_an_earlier_version_made_it(kafka_bootstrap_servers)
    largest = NewRecord(POLL_STATE.name, "status/producer", os.urandom(16_000_000))
    with pytest.raises(RecordRejectedError, match="Kafka refuses it"):
        log.append([largest])

    log.create_topics([POLL_STATE])
    log.append([NewRecord(POLL_STATE.name, "subject/a", b"before"), largest])
    with pytest.raises(RecordRejectedError):
        log.append([NewRecord(POLL_STATE.name, "status/producer", bytes(17_000_000))])

    assert newest(log) == largest.value


def test_twenty_thousand_subjects_fit():
    assert len(a_status(20_000).value or b"") < 16_000_000
