"""What is made before the services start, on the embedded engines, and how long they are waited for."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from event_log import EventLog, LogUnavailableError
from event_log.embedded import EmbeddedLog
from event_log.kafka import KafkaLog
from provisioning import prepare_engines
from schemas import ALL_TOPICS, VIDEOS
from stack.ports import free_port
from video_index import IndexOutdatedError
from video_index.embedded import EmbeddedIndex
from waiting import Patience

LEFT_ALONE_S = 10.0


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log") as log:
        yield log


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        yield index


def test_topics_and_index_are_there_afterwards_and_again_changes_nothing(log: EventLog, index: EmbeddedIndex) -> None:
    for _ in range(2):
        prepare_engines(log, index, Patience(Event()))

    assert {topic for topic, _ in log.count([each.name for each in ALL_TOPICS])} == {each.name for each in ALL_TOPICS}
    index.check()


def test_an_index_of_an_older_version_is_left_to_a_reindex(log: EventLog, tmp_path: Path) -> None:
    class OlderIndex(EmbeddedIndex):
        def ensure(self) -> None:
            raise IndexOutdatedError("run `make reindex`")

    with OlderIndex(tmp_path / "older") as index:
        prepare_engines(log, index, Patience(Event()))

    assert log.count([VIDEOS.name])


def test_an_engine_that_does_not_come_is_waited_for_so_long_and_no_longer(index: EmbeddedIndex) -> None:
    moments = iter((0.0, 1.0, LEFT_ALONE_S))
    unhurried = Patience(Event(), wait=lambda _: False)
    with KafkaLog(f"127.0.0.1:{free_port()}", delivery_timeout_s=1) as away, pytest.raises(LogUnavailableError):
        prepare_engines(away, index, unhurried, wait_s=LEFT_ALONE_S, clock=lambda: next(moments))

    assert list(moments) == []
