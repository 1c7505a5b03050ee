from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from event_log import EventLog
from processor import embedded
from schemas import LookupKind
from schemas.groups import PROCESSOR_GROUP
from tests.processor.records import NOON, a_lookup, a_raw, a_video_item, an_item
from tests.video_index.contract import await_condition, await_total
from video_index import Freshness, SearchRequest, VideoIndex
from video_index.embedded import EmbeddedIndex


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VideoIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        yield index


class Running:
    def __init__(self, log: EventLog, index: VideoIndex) -> None:
        self._stop = Event()
        self._thread = Thread(target=embedded.run, args=(log, index, self._stop))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


def test_what_is_appended_can_be_searched(log: EventLog, index: VideoIndex) -> None:
    with Running(log, index):
        log.append([a_raw(an_item(f"v{n}"), key=f"v{n}") for n in range(1_200)])

        assert await_total(index, SearchRequest(), at_least=1_200).total == 1_200


def test_what_was_looked_up_is_refreshed_and_what_is_gone_is_removed(log: EventLog, index: VideoIndex) -> None:
    later = NOON + timedelta(minutes=1)
    log.append([a_raw(an_item(video_id), key=video_id) for video_id in ("a", "b")])
    with Running(log, index):
        await_total(index, SearchRequest(), at_least=2)
        log.append([a_lookup(LookupKind.VIDEO, a_video_item("a"), "a", later)])
        log.append([a_lookup(LookupKind.GONE, None, "b", later)])

        await_condition(lambda: index.freshness() == Freshness(videos=1, without_details=0, oldest=later))


def test_it_goes_on_where_it_was_stopped(log: EventLog, index: VideoIndex) -> None:
    log.append([a_raw(an_item("a"), key="a")])
    with Running(log, index):
        await_total(index, SearchRequest(), at_least=1)
    log.append([a_raw(an_item("b"), key="b")])

    with Running(log, index):
        await_total(index, SearchRequest(), at_least=2)

    consumer = log.consumer(PROCESSOR_GROUP, ["youtube.search.raw"])
    assert consumer.poll(10, 0) == []
    consumer.close()
