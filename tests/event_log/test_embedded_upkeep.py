"""What the embedded log throws away, and when."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from event_log.embedded_upkeep import TOMBSTONE_RETENTION
from schemas import Topic
from stack.process import wait_until

WITHIN_S = 10.0
KEPT = Topic("kept", partitions=1, retention=timedelta(days=28))
COMPACTED = Topic("compacted", partitions=1, retention=None)


class Clock:
    """A clock that a test moves, in milliseconds."""

    def __init__(self) -> None:
        self.now_ms = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, span: timedelta) -> None:
        self.now_ms += span // timedelta(milliseconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock_ms=clock) as log:
        log.create_topics([KEPT, COMPACTED])
        yield log


def read(log: EmbeddedLog, topic: Topic) -> list[tuple[str | None, bytes | None]]:
    with closing(log.reader([topic.name])) as reader:
        return [(record.key, record.value) for record in reader.read_to_end()]


def test_a_record_is_removed_once_its_topics_retention_is_over(log: EmbeddedLog, clock: Clock) -> None:
    log.append([NewRecord(KEPT.name, "a", b"old")])
    clock.advance(timedelta(days=27))
    log.append([NewRecord(KEPT.name, "a", b"newer"), NewRecord(COMPACTED.name, "a", b"for ever")])

    log.maintain(clock())
    assert read(log, KEPT) == [("a", b"old"), ("a", b"newer")]

    clock.advance(timedelta(days=2))
    log.maintain(clock())
    assert read(log, KEPT) == [("a", b"newer")]
    assert read(log, COMPACTED) == [("a", b"for ever")]


def test_a_compacted_topic_keeps_the_newest_record_of_every_key_in_their_order(
    log: EmbeddedLog, clock: Clock
) -> None:
    keys = "abcab"
    log.append([NewRecord(COMPACTED.name, key, b"%d" % number) for number, key in enumerate(keys)])

    log.maintain(clock())

    assert read(log, COMPACTED) == [("c", b"2"), ("a", b"3"), ("b", b"4")]


def test_a_tombstone_stays_for_a_day_and_then_goes_without_bringing_anything_back(
    log: EmbeddedLog, clock: Clock
) -> None:
    log.append([NewRecord(COMPACTED.name, "a", b"value"), NewRecord(COMPACTED.name, "a", None)])

    log.maintain(clock())
    assert read(log, COMPACTED) == [("a", None)]

    clock.advance(TOMBSTONE_RETENTION + timedelta(seconds=1))
    log.maintain(clock())
    assert read(log, COMPACTED) == []


def test_an_offset_is_never_given_twice(log: EmbeddedLog, clock: Clock) -> None:
    consumer = log.consumer("group", [KEPT.name])
    log.append([NewRecord(KEPT.name, "a", b"1"), NewRecord(KEPT.name, "a", b"2")])
    assert len(consumer.poll(10, 0)) == 2
    consumer.commit()
    clock.advance(timedelta(days=30))
    log.maintain(clock())

    log.append([NewRecord(KEPT.name, "a", b"3")])

    assert [record.value for record in consumer.poll(10, 0)] == [b"3"]
    consumer.close()


def test_a_log_that_stays_open_for_months_is_cleaned_all_the_same(tmp_path: Path, clock: Clock) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite", clock_ms=clock, upkeep_every_s=0.02) as log:
        log.create_topics([KEPT])
        log.append([NewRecord(KEPT.name, "a", b"old")])

        clock.advance(timedelta(days=29))

        assert wait_until(lambda: read(log, KEPT) == [], WITHIN_S)


def test_cleaning_that_fails_is_tried_again(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "log.sqlite"
    with (
        EmbeddedLog(path, clock_ms=clock, upkeep_every_s=0.02, busy_timeout_s=0.01) as log,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        log.create_topics([KEPT])
        log.append([NewRecord(KEPT.name, "a", b"old")])
        other.execute("BEGIN IMMEDIATE")
        clock.advance(timedelta(days=29))
        assert not wait_until(lambda: read(log, KEPT) == [], 0.1)

        other.execute("ROLLBACK")

        assert wait_until(lambda: read(log, KEPT) == [], WITHIN_S)
