"""The embedded index is made anew from its log."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import EventLog, NewRecord
from event_log.embedded import EmbeddedLog
from operations.errors import RefusedError
from operations.rebuild import rebuild, replaced_by
from schemas import ALL_TOPICS, VIDEOS, Video
from tests.video_index.contract import a_video
from video_index import SearchRequest, Write
from video_index.embedded import EmbeddedIndex

VIDEOS_OF_TEA = [a_video(f"v{number}", f"Tea {number}") for number in range(2_500)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


def publish(log: EventLog, *videos: Video) -> None:
    log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])


def titles(directory: Path) -> dict[str, str]:
    with EmbeddedIndex(directory) as index:
        return {each["video_id"]: each["title"] for each in index.scan(SearchRequest())}


def test_an_index_that_was_lost_has_everything_again(log, tmp_path):
    publish(log, *VIDEOS_OF_TEA)
    publish(log, a_video("v1", "Tea, later"))
    log.append([NewRecord(VIDEOS.name, "v2", None)])

    report = rebuild(log, tmp_path / "index")

    found = titles(tmp_path / "index")
    assert len(found) == report.documents == 2_499
    assert found["v1"] == "Tea, later"
    assert "v2" not in found


def test_what_only_the_index_has_is_not_lost_and_the_old_one_is_kept(log, tmp_path):
    publish(log, a_video("a"))
    with EmbeddedIndex(tmp_path / "index") as index:
        index.write([Write(a_video("b"), None)])

    report = rebuild(log, tmp_path / "index")

    assert titles(tmp_path / "index").keys() == {"a", "b"}
    assert (report.corrected, report.only_replayed) == (1, 1)
    assert titles(replaced_by(tmp_path / "index")).keys() == {"b"}


def test_an_index_of_another_format_is_replaced(log, tmp_path):
    publish(log, a_video("a"))
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "FORMAT").write_text("1\n")

    rebuild(log, tmp_path / "index")

    assert titles(tmp_path / "index").keys() == {"a"}


def test_an_index_that_is_in_use_is_left_alone(log, tmp_path):
    publish(log, a_video("a"))
    with EmbeddedIndex(tmp_path / "index") as index:
        index.ensure()

        with pytest.raises(RefusedError, match="make down"):
            rebuild(log, tmp_path / "index")

        assert index.write([Write(a_video("b"), None)])


@pytest.mark.parametrize("left", ["filling", "replaced"])
def test_what_a_killed_run_left_is_in_nobodys_way(log, tmp_path, left):
    publish(log, a_video("a"))
    rebuild(log, tmp_path / "index")
    shutil.copytree(tmp_path / "index", tmp_path / f"index.{left}", dirs_exist_ok=True)
    if left == "replaced":
        shutil.rmtree(tmp_path / "index")

    rebuild(log, tmp_path / "index")

    assert titles(tmp_path / "index").keys() == {"a"}
