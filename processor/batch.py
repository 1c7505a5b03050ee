"""One batch of records of searches and lookups, from the log to the log and the index.

    records ─► events by video ─► merge with the index ─► youtube.videos ─► index
        └► dead letters (poison)           ▲                                  │
                                           └──────── conflict: read again ────┘

`youtube.videos` is written before the index: a crash between the two repeats a change there, while the other order
would lose it, since the next sighting would find the index already changed. A batch counts as done when `process`
returns; whoever feeds it commits only then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar

from event_log import EventLog, LogUnavailableError, NewRecord, Record, RecordRejectedError
from observability import event_logger
from processor.dead_letters import DeadLetters
from processor.merge import after
from processor.reading import Unusable, VideoEvents, read_batch
from processor.stranded_block import StrandedBlock
from schemas import VIDEOS, Video, utc_now
from video_index import (
    Delete,
    IndexBlockedError,
    IndexSetupError,
    IndexUnavailableError,
    Outcome,
    Stored,
    VideoIndex,
    Write,
)
from waiting import Patience

logs = event_logger("processor")

T = TypeVar("T")

_MAY_PASS = (IndexUnavailableError, IndexSetupError, LogUnavailableError)
"""What a batch is held for. A wrong index setup needs a person, but loses nothing meanwhile."""

_Change: TypeAlias = tuple[VideoEvents, Write | Delete]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch: records read, documents written and removed, records given up as unusable.

    `silent` records tell of no video and need not: uploads that are private or deleted.
    """

    records: int
    written: int
    removed: int
    unusable: int
    silent: int


class BatchProcessor:
    """Processes batches, each until it is done. Threads may process batches that share no video at once."""

    def __init__(
        self, log: EventLog, index: VideoIndex, patience: Patience, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._log = log
        self._index = index
        self._patience = patience
        self._dead_letters = DeadLetters(log, clock)
        self._stranded_block = StrandedBlock(log, index, patience)

    def process(self, records: Sequence[Record]) -> BatchReport:
        """Returns when log and index have answered for every record. Raises StoppedError when asked to stop."""
        reading = self._until_done(lambda: read_batch(records))
        self._until_done(lambda: self._dead_letters.bury(reading.unusable))
        pending = reading.told
        written = removed = 0
        again = False
        while pending:
            done, pending = self._until_done(partial(self._write, pending, again=again))
            again = True
            removed += sum(isinstance(change, Delete) for change in done)
            written += sum(isinstance(change, Write) for change in done)
        return BatchReport(len(records), written, removed, len(reading.unusable), reading.silent)

    def _write(self, told: Sequence[VideoEvents], *, again: bool) -> tuple[list[Write | Delete], list[VideoEvents]]:
        """Merges with what the index has and writes what changed. Gives the changes, and what met a conflict.

        May be repeated as a whole after a failure: what was written then changes nothing any more. `again` after a
        conflict: `youtube.videos` may then end with a change that was never made, so what stays is told too.
        """
        known = self._index.get([each.video_id for each in told])
        changes: list[_Change] = []
        for each, stored in zip(told, known, strict=True):
            change = change_of(stored, each)
            if change is not None:
                changes.append((each, change))
            elif again:
                self._log.append([_feed_record(each.video_id, stored.video if stored else None)])
        changes = self._publish(changes)
        results = self._index.write([change for _, change in changes])
        outcomes = [(*change, result) for change, result in zip(changes, results, strict=True)]
        self._dead_letters.bury(
            [
                Unusable(each.record, f"the index rejects the document: {result.reason}")
                for each, _, result in outcomes
                if result.outcome is Outcome.REJECTED
            ]
        )
        return (
            [change for _, change, result in outcomes if result.outcome is Outcome.WRITTEN],
            [each for each, _, result in outcomes if result.outcome is Outcome.CONFLICT],
        )

    def _publish(self, changes: list[_Change]) -> list[_Change]:
        """Appends to `youtube.videos`. Gives the changes without those that the log can never take."""
        try:
            self._log.append([_fed(change) for _, change in changes])
        except RecordRejectedError:
            return [change for change in changes if self._publish_one(*change)]
        return changes

    def _publish_one(self, told: VideoEvents, change: Write | Delete) -> bool:
        try:
            self._log.append([_fed(change)])
        except RecordRejectedError as error:
            self._dead_letters.bury([Unusable(told.record, f"the log rejects the document: {error}")])
            return False
        return True

    def _until_done(self, step: Callable[[], T]) -> T:
        """Tries a step until it succeeds. Meanwhile the partition is held, and nothing is lost."""
        for attempt in self._patience.attempts():
            try:
                return step()
            except _MAY_PASS as error:
                logs.warning("batch_held", attempt=attempt, reason=error)
                if isinstance(error, IndexBlockedError):
                    self._stranded_block.watch()
            except Exception:
                # Nobody foresaw it, and to go on would lose the batch.
                logs.exception("batch_held_by_a_defect", attempt=attempt)
        raise AssertionError("attempts never end by themselves")


def change_of(stored: Stored | None, told: VideoEvents) -> Write | Delete | None:
    """What has to be done to a document; None when it stays as it is, or stays away."""
    known = stored.video if stored else None
    video = after(known, told.events)
    if video is known:
        return None
    if video is not None:
        return Write(video, stored.version if stored else None)
    return Delete(stored.video.video_id, stored.version) if stored else None


def _fed(change: Write | Delete) -> NewRecord:
    return _feed_record(change.video_id, change.video if isinstance(change, Write) else None)


def _feed_record(video_id: str, video: Video | None) -> NewRecord:
    """The record of `youtube.videos`: the document, or a tombstone."""
    return NewRecord(VIDEOS.name, video_id, video.to_json() if video else None)
