"""The broker as a local process."""

from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from stack.engines.kafka import KafkaPorts, server_properties
from tests.engine import RunningEngine

TOPIC = "kept"


def test_listens_on_the_loopback_address_only():
    properties = server_properties(Path("records"), KafkaPorts(20001, 20002))

    addresses = [line for line in properties.splitlines() if "listeners=" in line or "voters=" in line]

    assert len(addresses) == 3
    assert all("127.0.0.1:2000" in line and "0.0.0.0" not in line for line in addresses)  # noqa: S104


@pytest.mark.kafka
def test_acknowledged_records_survive_a_crash(kafka_broker: RunningEngine):
    admin = AdminClient({"bootstrap.servers": kafka_broker.bootstrap_servers})
    admin.create_topics([NewTopic(TOPIC, 1)])[TOPIC].result(10)
    producer = Producer({"bootstrap.servers": kafka_broker.bootstrap_servers, "acks": "all"})
    for number in range(100):
        producer.produce(TOPIC, str(number).encode())
    assert producer.flush(20) == 0

    kafka_broker.kill()
    kafka_broker.start()

    assert _values(kafka_broker, 100) == [str(number).encode() for number in range(100)]


def _values(broker: RunningEngine, count: int) -> list[bytes | None]:
    settings = {"bootstrap.servers": broker.bootstrap_servers, "group.id": "reader", "auto.offset.reset": "earliest"}
    consumer = Consumer(settings)
    consumer.subscribe([TOPIC])
    values = [message.value() for message in consumer.consume(count, timeout=30)]
    consumer.close()
    return values
