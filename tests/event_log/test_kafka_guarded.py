"""The log on a real broker that asks who is there: the same contract over TLS and SASL, and who is not let in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka.admin import AclOperation, ResourceType
from pydantic import SecretStr

from event_log import EventLog, LogAccessError, LogUnavailableError, NewRecord
from event_log.kafka import KafkaLog
from event_log.kafka_topics import TopicLayout
from schemas import Topic
from schemas.access import KafkaAccess, SaslMechanism
from tests.certificates import Authority
from tests.event_log.contract import (
    AppendContract,
    ConsumerContract,
    CountingContract,
    OwnershipContract,
    ReaderContract,
)
from tests.event_log.contract.steps import OpenLog, drain, new_topic, values
from tests.guarded_kafka import Allowed, GuardedKafka

pytestmark = pytest.mark.kafka

WRONG = "a-wrong-password"


@pytest.fixture
def open_log(guarded_kafka: GuardedKafka) -> Iterator[OpenLog]:
    """Clients that come by SCRAM-SHA-512 over TLS."""
    opened: list[EventLog] = []

    def open_one() -> EventLog:
        opened.append(KafkaLog(guarded_kafka.sasl, guarded_kafka.access()))
        return opened[-1]

    yield open_one
    for log in opened:
        log.close()


class TestAppend(AppendContract): ...


class TestConsumer(ConsumerContract): ...


class TestCounting(CountingContract): ...


class TestReader(ReaderContract): ...


class TestOwnership(OwnershipContract): ...


def goes_round(log: EventLog) -> None:
    topic = new_topic()
    log.create_topics([topic])
    log.append([NewRecord(topic.name, "key", b"there and back")])
    reader = log.reader([topic.name])
    assert values(drain(reader, 1)) == [b"there and back"]
    reader.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_users_come_by_the_other_mechanisms_as_well(guarded_kafka: GuardedKafka, mechanism: SaslMechanism) -> None:
    with KafkaLog(guarded_kafka.sasl, guarded_kafka.access(mechanism)) as log:
        goes_round(log)


def test_tls_without_a_user(guarded_kafka: GuardedKafka) -> None:
    with KafkaLog(guarded_kafka.tls, KafkaAccess("SSL", ca_file=guarded_kafka.authority.file)) as log:
        goes_round(log)


def refused(servers: str, access: KafkaAccess) -> str:
    with KafkaLog(servers, access) as log, pytest.raises(LogAccessError) as error:
        log.check()
    assert WRONG not in str(error.value)
    assert servers in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_wrong_password_is_told_from_a_broker_that_is_away(
    guarded_kafka: GuardedKafka, mechanism: SaslMechanism
) -> None:
    access = replace(guarded_kafka.access(mechanism), password=SecretStr(WRONG))

    assert "check KAFKA_USERNAME, KAFKA_PASSWORD" in refused(guarded_kafka.sasl, access)


def test_a_certificate_of_another_authority_is_not_trusted(guarded_kafka: GuardedKafka, tmp_path: Path) -> None:
    other = replace(guarded_kafka.access(), ca_file=Authority(tmp_path).file)

    assert "set KAFKA_CA_FILE" in refused(guarded_kafka.sasl, other)


def test_without_a_file_the_authorities_of_the_system_count(guarded_kafka: GuardedKafka) -> None:
    assert "set KAFKA_CA_FILE" in refused(guarded_kafka.sasl, replace(guarded_kafka.access(), ca_file=None))


def test_a_port_that_asks_for_no_user(guarded_kafka: GuardedKafka) -> None:
    assert "KAFKA_SECURITY_PROTOCOL and KAFKA_SASL_MECHANISM" in refused(guarded_kafka.tls, guarded_kafka.access())


def test_tls_to_a_port_without_it_may_be_a_broker_that_starts_but_the_setting_is_named(
    guarded_kafka: GuardedKafka,
) -> None:
    log = KafkaLog(guarded_kafka.plain_text, guarded_kafka.access())
    with log, pytest.raises(LogUnavailableError, match="KAFKA_SECURITY_PROTOCOL") as error:
        log.check()

    assert not isinstance(error.value, LogAccessError)


def test_whoever_appends_reads_or_claims_is_told_the_reason_too(
    guarded_kafka: GuardedKafka, caplog: pytest.LogCaptureFixture
) -> None:
    access = replace(guarded_kafka.access(), password=SecretStr(WRONG))
    with KafkaLog(guarded_kafka.sasl, access, delivery_timeout_s=3.0) as log:
        reader = log.reader(["youtube.control"])
        with pytest.raises(LogAccessError, match="KAFKA_PASSWORD"):
            reader.poll(1, 5.0)
        reader.close()
        with pytest.raises(LogAccessError, match="KAFKA_PASSWORD"):
            log.append([NewRecord("youtube.control", "key", b"")])

    assert WRONG not in caplog.text


def test_a_user_without_the_rights_is_told_which_user_and_where_they_are_listed(guarded_kafka: GuardedKafka) -> None:
    topic = new_topic()
    guest = replace(guarded_kafka.access("PLAIN"), username="guest")
    with KafkaLog(guarded_kafka.sasl, guarded_kafka.access()) as owner:
        owner.create_topics([topic])
    guarded_kafka.allow("guest", [Allowed(ResourceType.TOPIC, topic.name, (AclOperation.DESCRIBE,))])

    with KafkaLog(guarded_kafka.sasl, guest) as log:
        log.check()
        with pytest.raises(LogAccessError, match=r"access rights that docs/managed-engines\.md lists"):
            log.append([NewRecord(topic.name, "key", b"")])
        with pytest.raises(LogAccessError, match="access rights"):
            log.create_topics([new_topic()])


def test_topics_are_made_as_the_cluster_wants_them(guarded_kafka: GuardedKafka) -> None:
    spread, single = new_topic(partitions=3), new_topic(partitions=1)
    layout = TopicLayout(partitions=5, replication_factor=1, min_insync_replicas=1)
    with KafkaLog(guarded_kafka.sasl, guarded_kafka.access(), layout=layout) as log:
        log.create_topics([spread, single])

        assert partitions(log, spread) == 5
        assert partitions(log, single) == 1


def test_more_replicas_than_brokers_are_refused_by_the_cluster(guarded_kafka: GuardedKafka) -> None:
    layout = TopicLayout(replication_factor=3)
    log = KafkaLog(guarded_kafka.sasl, guarded_kafka.access(), layout=layout)
    with log, pytest.raises(LogUnavailableError, match="KAFKA_REPLICATION_FACTOR"):
        log.create_topics([new_topic()])


def partitions(log: EventLog, topic: Topic) -> int:
    return len(log.count([topic.name]))
