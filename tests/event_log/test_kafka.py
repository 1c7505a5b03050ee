"""The log on a real broker keeps the contract."""

from collections.abc import Iterator

import pytest

from event_log import EventLog
from event_log.kafka import KafkaLog
from tests.event_log.contract import (
    AppendContract,
    ConsumerContract,
    ReaderContract,
    RecordsContract,
    RejectionContract,
    TableContract,
    TopicsContract,
)
from tests.event_log.contract.steps import OpenLog

pytestmark = pytest.mark.kafka


@pytest.fixture
def open_log(kafka_bootstrap_servers: str) -> Iterator[OpenLog]:
    opened: list[EventLog] = []

    def open_one() -> EventLog:
        opened.append(KafkaLog(kafka_bootstrap_servers))
        return opened[-1]

    yield open_one
    for log in opened:
        log.close()


class TestRecords(RecordsContract): ...


class TestRejection(RejectionContract): ...


class TestAppend(AppendContract): ...


class TestTopics(TopicsContract): ...


class TestConsumer(ConsumerContract): ...


class TestReader(ReaderContract): ...


class TestTable(TableContract): ...
