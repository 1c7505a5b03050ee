"""Ownership on Kafka: the fence, a broker that is away, and what readers see of transactions."""

import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from event_log import EventLog, Ownership, OwnershipLostError, Table
from event_log.kafka import KafkaLog
from schemas import Topic
from stack.process import wait_until
from tests.engine import RunningEngine
from tests.event_log.contract.steps import PATIENCE_S, drain, new_group, new_topic, numbered, values

pytestmark = pytest.mark.kafka

AWAY_S = 15.0


@pytest.fixture
def log(kafka_bootstrap_servers: str) -> Iterator[EventLog]:
    with KafkaLog(kafka_bootstrap_servers) as log:
        yield log


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4()}"


@pytest.fixture
def own(log: EventLog, name: str) -> Iterator[Ownership]:
    """A claim that is held."""
    own = log.own(name)
    assert wait_until(own.is_held, PATIENCE_S)
    yield own
    own.close()


def another_producer(servers: str, name: str) -> Producer:
    """One with the transactional id of the holder of `name`, whom it fences."""
    producer = Producer({"bootstrap.servers": servers, "transactional.id": f"topicreel-{name}", "linger.ms": 0})
    producer.init_transactions(PATIENCE_S)
    return producer


def test_a_holder_that_was_fenced_appends_nothing_and_takes_over_again(
    own: Ownership, name: str, log: EventLog, topic: Topic, kafka_bootstrap_servers: str
) -> None:
    own.append(numbered(topic, range(1)))
    another_producer(kafka_bootstrap_servers, name)
    assert own.is_held()  # it cannot know yet

    with pytest.raises(OwnershipLostError):
        own.append(numbered(topic, range(1, 2)))

    assert not own.is_held()
    assert wait_until(own.is_held, PATIENCE_S)
    own.append(numbered(topic, range(2, 3)))
    with closing(log.reader([topic.name])) as reader:
        assert values(reader.read_to_end()) == [b"0", b"2"]


def test_taking_over_undoes_what_the_former_holder_had_not_finished(
    name: str, log: EventLog, topic: Topic, kafka_bootstrap_servers: str
) -> None:
    former = another_producer(kafka_bootstrap_servers, name)
    former.begin_transaction()
    former.produce(topic.name, b"unfinished", b"key")
    former.flush(PATIENCE_S)

    with closing(log.own(name)) as own, closing(log.reader([topic.name])) as reader:
        assert wait_until(own.is_held, PATIENCE_S)
        own.append(numbered(topic, range(1)))

        assert values(reader.read_to_end()) == [b"0"]


def test_the_group_commits_nothing(own: Ownership, name: str, topic: Topic, kafka_bootstrap_servers: str) -> None:
    own.append(numbered(topic, range(1)))
    own.close()

    asking = Consumer({"bootstrap.servers": kafka_bootstrap_servers, "group.id": f"topicreel-{name}"})
    with closing(asking):
        (committed,) = asking.committed([TopicPartition("youtube.control", 0)], timeout=PATIENCE_S)
        assert committed.offset < 0


def test_readers_go_up_to_an_open_transaction_and_on_once_it_is_over(
    log: EventLog, compacted: Topic, kafka_bootstrap_servers: str, name: str
) -> None:
    table = Table(log, compacted.name, lambda _key, value: int(value))
    writing = another_producer(kafka_bootstrap_servers, name)
    with closing(log.reader([compacted.name])) as reader, closing(table):
        log.append(numbered(compacted, range(1)))
        for number, end in ((1, writing.abort_transaction), (2, writing.commit_transaction)):
            writing.begin_transaction()
            writing.produce(compacted.name, b"%d" % number, b"key")
            writing.flush(PATIENCE_S)
            assert values(reader.read_to_end()) == ([b"0"] if number == 1 else [])
            assert table.refresh() == {"key": 0}
            end(PATIENCE_S)
        log.append(numbered(compacted, range(3, 4), key="other"))

        assert values(drain(reader, 2)) == [b"2", b"3"]
        assert reader.read_to_end() == []
        assert table.refresh() == {"key": 2, "other": 3}


def test_a_topic_that_ends_with_undone_transactions_has_an_end(
    log: EventLog, compacted: Topic, kafka_bootstrap_servers: str, name: str
) -> None:
    writing = another_producer(kafka_bootstrap_servers, name)
    group = new_group()
    for number in range(3):
        writing.begin_transaction()
        writing.produce(compacted.name, b"%d" % number, b"key")
        writing.flush(PATIENCE_S)
        writing.abort_transaction(PATIENCE_S)

    with closing(log.reader([compacted.name])) as reader:
        assert reader.read_to_end() == []
        assert reader.poll(10, 0.2) == []
    for _ in range(2):
        with closing(log.consumer(group, [compacted.name])) as consumer:
            assert consumer.poll(10, 2.0) == []
            consumer.commit()
    log.append(numbered(compacted, range(3, 4)))
    with closing(log.consumer(group, [compacted.name])) as consumer:
        assert values(drain(consumer, 1)) == [b"3"]


def test_nothing_is_held_while_the_broker_is_away(kafka_broker: RunningEngine) -> None:
    topic = new_topic()
    with KafkaLog(kafka_broker.bootstrap_servers) as log, closing(log.own("work")) as own:
        assert wait_until(own.is_held, PATIENCE_S)
        log.create_topics([topic])
        own.append(numbered(topic, range(1)))

        kafka_broker.kill()
        assert wait_until(lambda: not own.is_held(), AWAY_S)

        kafka_broker.start()
        assert wait_until(own.is_held, PATIENCE_S)
        own.append(numbered(topic, range(1, 2)))
        with closing(log.reader([topic.name])) as reader:
            assert values(reader.read_to_end()) == [b"0", b"1"]


def test_nothing_is_held_while_the_broker_does_not_answer(kafka_broker: RunningEngine) -> None:
    with KafkaLog(kafka_broker.bootstrap_servers) as log, closing(log.own("work")) as own:
        assert wait_until(own.is_held, PATIENCE_S)

        kafka_broker.pause()
        try:
            assert wait_until(lambda: not own.is_held(), AWAY_S)
        finally:
            kafka_broker.resume()

        assert wait_until(own.is_held, PATIENCE_S)


def test_who_claims_before_the_broker_is_there_holds_it_later(kafka_broker: RunningEngine) -> None:
    kafka_broker.kill()
    with KafkaLog(kafka_broker.bootstrap_servers) as log, closing(log.own("work")) as own:
        with pytest.raises(OwnershipLostError):
            own.append([])

        kafka_broker.start()

        assert wait_until(own.is_held, PATIENCE_S)
