"""The log on a real broker keeps the contract."""

from collections.abc import Iterator

import pytest

from event_log import EventLog
from event_log.kafka import KafkaLog
from tests.event_log.claimant import Claimant
from tests.event_log.contract import (
    AppendContract,
    ConsumerContract,
    CountingContract,
    OwnershipContract,
    ReaderContract,
    RecordsContract,
    RejectionContract,
    TableContract,
    TakeoverContract,
    TopicsContract,
)
from tests.event_log.contract.steps import OpenLog
from tests.event_log.contract.taking_over import StartClaimant

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


@pytest.fixture
def start_claimant(kafka_bootstrap_servers: str) -> StartClaimant:
    return lambda name: Claimant("kafka", kafka_bootstrap_servers, name)


class TestRecords(RecordsContract): ...


class TestRejection(RejectionContract): ...


class TestAppend(AppendContract): ...


class TestTopics(TopicsContract): ...


class TestConsumer(ConsumerContract): ...


class TestCounting(CountingContract): ...


class TestReader(ReaderContract): ...


class TestTable(TableContract): ...


class TestOwnership(OwnershipContract): ...


class TestTakeover(TakeoverContract): ...
