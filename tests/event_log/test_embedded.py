"""The embedded log keeps the contract, on a file of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import EventLog
from event_log.embedded import EmbeddedLog
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


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[OpenLog]:
    opened: list[EventLog] = []

    def open_one() -> EventLog:
        opened.append(EmbeddedLog(tmp_path / "data" / "log.sqlite"))
        return opened[-1]

    yield open_one
    for log in opened:
        log.close()


@pytest.fixture
def start_claimant(tmp_path: Path) -> StartClaimant:
    return lambda name: Claimant("embedded", str(tmp_path / "data" / "log.sqlite"), name)


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
