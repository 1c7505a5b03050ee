from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from event_log import EventLog, NewRecord
from event_log.embedded import EmbeddedLog
from operations.verify import verify
from schemas import ALL_TOPICS, VIDEOS
from tests.video_index.contract import a_video
from video_index import VideoIndex, Write
from video_index.embedded import EmbeddedIndex


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VideoIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        index.ensure()
        yield index


def publish(log: EventLog, *video_ids: str, title: str = "A title") -> None:
    log.append([NewRecord(VIDEOS.name, each, a_video(each, title).to_json()) for each in video_ids])


def write(index: VideoIndex, *video_ids: str) -> None:
    index.write([Write(a_video(each), None) for each in video_ids])


def test_an_index_that_holds_the_newest_of_each_is_good(log, index):
    publish(log, "a", "b", title="An earlier title")
    publish(log, "a", "b", "gone")
    log.append([NewRecord(VIDEOS.name, "gone", None)])
    write(index, "a", "b")

    verdict = verify(log, index)

    assert verdict.is_good
    assert verdict.videos == 2


def test_what_differs_is_missing_or_should_be_gone_is_named(log, index):
    publish(log, "same", "missing", "gone")
    publish(log, "other", title="Another title")
    log.append([NewRecord(VIDEOS.name, "gone", None)])
    write(index, "same", "other", "gone")

    verdict = verify(log, index, within_s=0)

    assert verdict.differing == ["gone", "missing", "other"]
    assert verdict.only_in_index == 0


def test_what_only_the_index_has_is_counted(log, index):
    publish(log, "a")
    write(index, "a", "b", "c")

    verdict = verify(log, index, within_s=0)

    assert (verdict.differing, verdict.only_in_index) == ([], 2)
    assert not verdict.is_good


def test_a_change_under_way_is_waited_for(log, index):
    publish(log, "a")
    late = Timer(0.3, write, (index, "a"))
    late.start()

    assert verify(log, index).is_good
    late.join()
