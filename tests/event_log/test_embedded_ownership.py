"""Ownership on the embedded log: the epoch that fences, the beacon that tells, and files of the first version."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from event_log import NewRecord, OwnershipLostError
from event_log.embedded import EmbeddedLog
from event_log.embedded_beacon import Beacon, Stillness, last_beat_ns
from schemas import Topic
from stack.process import wait_until

WITHIN_S = 10.0
TOPIC = Topic("numbers", partitions=1, retention=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(path) as log:
        log.create_topics([TOPIC])
        yield log


def change(path: Path, *statements: str) -> None:
    """What another process does to the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)


def test_an_epoch_that_is_over_appends_nothing_whatever_the_lock_says(log: EmbeddedLog, path: Path) -> None:
    with closing(log.own("work")) as own, closing(log.reader([TOPIC.name])) as reader:
        assert wait_until(own.is_held, WITHIN_S)
        change(path, "UPDATE owner SET epoch = epoch + 1")

        with pytest.raises(OwnershipLostError, match="another process has taken over"):
            own.append([NewRecord(TOPIC.name, "a", b"1")])

        assert reader.read_to_end() == []
        assert wait_until(own.is_held, WITHIN_S)  # nobody lit a beacon for that epoch


def test_the_file_of_a_holder_is_gone_once_it_has_closed(log: EmbeddedLog, path: Path) -> None:
    own = log.own("any/name")
    assert wait_until(own.is_held, WITHIN_S)
    assert [file.name for file in path.parent.glob("*-owner-*")] == ["log.sqlite-owner-any%2Fname-1"]

    own.close()

    assert list(path.parent.glob("*-owner-*")) == []


def test_a_file_of_the_first_version_is_owned_as_well_and_keeps_its_records(log: EmbeddedLog, path: Path) -> None:
    log.append([NewRecord(TOPIC.name, "a", b"1")])
    log.close()
    change(path, "DROP TABLE owner", "PRAGMA user_version=1")

    with EmbeddedLog(path) as newer, closing(newer.own("work")) as own, closing(newer.reader([TOPIC.name])) as reader:
        assert wait_until(own.is_held, WITHIN_S)
        own.append([NewRecord(TOPIC.name, "a", b"2")])
        assert [record.value for record in reader.read_to_end()] == [b"1", b"2"]


def test_a_beacon_burns_until_it_is_put_out(tmp_path: Path) -> None:
    path = tmp_path / "beacon"
    assert last_beat_ns(path) is None

    beacon = Beacon.light(path)

    assert beacon is not None
    assert Beacon.light(path) is None
    assert last_beat_ns(path) is not None
    beacon.put_out()
    assert last_beat_ns(path) is None


def test_a_holder_stands_still_too_long_when_the_same_was_seen_too_often_in_a_row() -> None:
    stillness = Stillness(looks=2)

    assert [stillness.is_too_long(seen) for seen in "aab"] == [False, False, False]
    assert [stillness.is_too_long("b") for _ in range(3)] == [False, False, True]
