"""The embedded log keeps the contract, on a file of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import EventLog
from event_log.embedded import EmbeddedLog
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


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[OpenLog]:
    opened: list[EventLog] = []

    def open_one() -> EventLog:
        opened.append(EmbeddedLog(tmp_path / "data" / "log.sqlite"))
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
