"""Backups of the embedded stack."""

import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from event_log import NewRecord, Record
from event_log.embedded import EmbeddedLog
from event_log.errors import LogUnavailableError
from key_vault import KeyVault
from operations.embedded_copy import back_up, restore
from operations.errors import RefusedError
from schemas import ALL_TOPICS, CONTROL, RAW, VIDEOS
from tests.video_index.contract import NOON, a_video
from video_index import SearchRequest
from video_index.embedded import EmbeddedIndex

TOPICS = [topic.name for topic in ALL_TOPICS]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """With a log that is open, as a running stack has it."""
    with EmbeddedLog(tmp_path / "data" / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        log.append([NewRecord(CONTROL.name, "subject/tea", b"{}"), NewRecord(RAW.name, "a", b"{}", (("h", b"1"),))])
        log.append([NewRecord(VIDEOS.name, key, a_video(key).to_json()) for key in ("a", "b", "c")])
        log.append([NewRecord(VIDEOS.name, "c", None)])
        consumer = log.consumer("processor", [RAW.name])
        consumer.poll(10, 0)
        consumer.commit()
        consumer.close()
        yield tmp_path / "data"


def records(data_dir: Path) -> list[Record]:
    with EmbeddedLog(data_dir / "log.sqlite") as log, closing(log.reader(TOPICS)) as reader:
        return reader.read_to_end()


def test_what_is_brought_back_is_what_there_was_offsets_commits_and_all(data_dir, tmp_path):
    path = back_up(data_dir, tmp_path / "backups", NOON)

    report = restore(path, tmp_path / "other", overwrite=False)

    assert records(tmp_path / "other") == records(data_dir)
    assert report.documents == 2
    with EmbeddedIndex(tmp_path / "other" / "index") as index:
        assert {each["video_id"] for each in index.scan(SearchRequest())} == {"a", "b"}
    with EmbeddedLog(tmp_path / "other" / "log.sqlite") as log:
        assert log.count([RAW.name], not_committed_by="processor") == {(RAW.name, 0): 0}


def test_it_is_of_one_moment_while_the_log_is_written(data_dir, tmp_path):
    enough = Event()

    def go_on() -> None:
        with EmbeddedLog(data_dir / "log.sqlite") as log:
            number = 0
            while not enough.is_set():
                log.append([NewRecord(RAW.name, f"{number}-{half}", b"x" * 500) for half in (1, 2)])
                number += 1

    writing = Thread(target=go_on)
    writing.start()
    try:
        paths = [back_up(data_dir, tmp_path / f"backup-{number}", NOON) for number in range(5)]
    finally:
        enough.set()
        writing.join()

    for number, path in enumerate(paths):
        restore(path, tmp_path / f"restored-{number}", overwrite=False)
        halves = [record.key for record in records(tmp_path / f"restored-{number}") if "-" in (record.key or "")]
        assert len(halves) % 2 == 0


def test_only_its_owner_may_read_it_and_nothing_else_is_left(data_dir, tmp_path):
    path = back_up(data_dir, tmp_path / "backups", NOON)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list((tmp_path / "backups").iterdir()) == [path]


def killed_before_the_end(*arguments: object) -> None:
    """A backup (DATA_DIR, directory) or a restore (file, DATA_DIR) that is killed before it puts its
    result in place, in a process whose new files everybody may read unless they have a mode of their own."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.operations.killed_embedded_copy", *map(str, arguments)], umask=0, check=False
    )
    assert ended.returncode == -signal.SIGKILL


def modes(directory: Path) -> dict[str, int]:
    return {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}


def test_nor_may_anybody_else_read_what_a_killed_one_leaves_which_goes_with_a_later_one(data_dir, tmp_path):
    killed_before_the_end("back_up", data_dir, tmp_path / "backups")
    assert modes(tmp_path / "backups") == {".copy": 0o600, ".partial": 0o600}

    # The other may go on yet.
    soon = back_up(data_dir, tmp_path / "backups", NOON + timedelta(minutes=1))
    assert modes(tmp_path / "backups") == {".copy": 0o600, ".partial": 0o600, ".gz": 0o600}

    later = back_up(data_dir, tmp_path / "backups", NOON + timedelta(days=1))
    assert set((tmp_path / "backups").iterdir()) == {soon, later}


def test_what_is_restored_is_its_owners_alone(data_dir, tmp_path):
    path = back_up(data_dir, tmp_path / "backups", NOON)

    killed_before_the_end("restore", path, tmp_path / "other")
    assert modes(tmp_path / "other")[".restoring"] == 0o600

    restore(path, tmp_path / "other", overwrite=False)
    assert modes(tmp_path / "other")[".sqlite"] == 0o600


def test_what_is_there_is_not_overwritten_unless_that_is_asked_for(data_dir, tmp_path):
    path = back_up(data_dir, tmp_path / "backups", NOON)
    other = tmp_path / "other"
    with EmbeddedLog(other / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        log.append([NewRecord(VIDEOS.name, "z", a_video("z").to_json())])

    with pytest.raises(RefusedError, match="--overwrite"):
        restore(path, other, overwrite=False)
    assert [record.key for record in records(other)] == ["z"]

    restore(path, other, overwrite=True)
    assert records(other) == records(data_dir)


def test_secrets_that_could_not_be_read_afterwards_are_told_before_anything_is_changed(data_dir, tmp_path):
    with EmbeddedLog(data_dir / "log.sqlite") as log:
        key = KeyVault.open(tmp_path / "there").seal("AIza-of-the-test", source="api", added_at=NOON)
        log.append([NewRecord(CONTROL.name, key.key, key.to_json())])
    path = back_up(data_dir, tmp_path / "backups", NOON)

    with pytest.raises(RefusedError, match="another secret"):
        restore(path, tmp_path / "other", overwrite=False, reads=lambda _: False)

    assert list((tmp_path / "other").iterdir()) == []
    restore(path, tmp_path / "other", overwrite=False, reads=lambda secret: secret == key)
    assert records(tmp_path / "other") == records(data_dir)


def test_a_stack_that_runs_is_left_alone(data_dir, tmp_path):
    path = back_up(data_dir, tmp_path / "backups", NOON)
    with EmbeddedIndex(data_dir / "index") as index:
        index.ensure()

        with pytest.raises(RefusedError, match="make down"):
            restore(path, data_dir, overwrite=True)


@pytest.mark.parametrize("damage", [lambda packed: packed[:-20], lambda packed: b"no" + packed])
def test_a_damaged_backup_replaces_nothing(data_dir, tmp_path, damage):
    path = back_up(data_dir, tmp_path / "backups", NOON)
    path.write_bytes(damage(path.read_bytes()))
    other = tmp_path / "other"

    with pytest.raises((RefusedError, LogUnavailableError)):
        restore(path, other, overwrite=False)

    assert not (other / "log.sqlite").exists()


def test_without_a_log_there_is_nothing_to_back_up(tmp_path):
    with pytest.raises(RefusedError):
        back_up(tmp_path / "nothing", tmp_path / "backups", NOON)
