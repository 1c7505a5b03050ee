"""A block that a killed reindex left is taken away; that of a living one is not."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from processor.batch import BatchProcessor
from schemas import DEAD_LETTERS, VIDEOS, Video
from schemas.index import REINDEXING
from tests.processor.records import a_raw, an_item, as_read
from tests.video_index.contract import await_condition
from video_index import IndexBlockedError, Stored, Write, WriteResult
from video_index.embedded import EmbeddedIndex
from waiting import Patience

BETWEEN_LOOKS_S = 0.3
"""More than the log needs to notice that the work is nobody's (0.2 s)."""


class BlockedIndex(EmbeddedIndex):
    """An embedded index with the block that only Elasticsearch has."""

    blocked = True
    refused = 0
    looks = 0

    def is_blocked(self) -> bool:
        self.looks += 1
        return self.blocked

    def unblock(self) -> None:
        self.blocked = False

    def write(self, changes: list[Write]) -> list[WriteResult]:
        if changes and self.blocked:
            self.refused += 1
            raise IndexBlockedError("the index takes no changes for now")
        return super().write(changes)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[BlockedIndex]:
    with BlockedIndex(tmp_path / "index") as index:
        index.ensure()
        yield index


def title(stored: Stored | None) -> str:
    assert stored is not None
    return stored.video.title


def test_a_batch_that_meets_it_goes_on_once_it_is_gone_and_nothing_is_given_up(log, index):
    batches = BatchProcessor(log, index, Patience(Event(), longest_s=0.2))

    report = batches.process([as_read(a_raw(an_item("a", "Tea")))])

    assert report.written == 1
    assert index.refused > 0
    assert title(index.get(["a"])[0]) == "Tea"
    with closing(log.reader([DEAD_LETTERS.name])) as letters, closing(log.reader([VIDEOS.name])) as feed:
        assert letters.read_to_end() == []
        assert {Video.model_validate_json(record.value or b"").title for record in feed.read_to_end()} == {"Tea"}


def test_while_somebody_reindexes_the_block_stays(log, index):
    stop = Event()
    batches = BatchProcessor(log, index, Patience(stop, wait=lambda _: stop.wait(BETWEEN_LOOKS_S)))
    with closing(log.own(REINDEXING)) as reindexing:
        await_condition(reindexing.is_held)
        batches._stranded_block.watch()
        # Each look but the first is one at work that is still somebody else's.
        await_condition(lambda: index.looks > 3)

        assert index.blocked

    await_condition(lambda: not index.blocked)


def test_who_watched_leaves_the_work_to_the_next_reindex(log, index):
    BatchProcessor(log, index, Patience(Event(), longest_s=0.2)).process([as_read(a_raw(an_item("a")))])

    with closing(log.own(REINDEXING)) as reindexing:
        await_condition(reindexing.is_held)
