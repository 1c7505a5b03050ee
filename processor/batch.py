"""One batch of raw records, from the log to the log and the index.

    records ─► sightings ─► one per video ─► merge with the index ─► youtube.videos ─► index
        └► dead letters (poison)                 ▲                                   │
                                                 └──────── conflict: read again ─────┘

`youtube.videos` is written before the index: a crash between the two repeats a change there, while the other order
would lose it, since the next sighting would find the index already changed. A batch counts as done when `process`
returns; whoever feeds it commits only then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from event_log import EventLog, LogUnavailableError, NewRecord, Record, RecordRejectedError
from observability import event_logger
from processor.merge import merge
from processor.patience import Patience
from processor.sightings import UnusableRecordError, read_sighting
from schemas import DEAD_LETTERS, VIDEOS, DeadLetter, Video, utc_now
from video_index import IndexSetupError, IndexUnavailableError, Outcome, VideoIndex, Write

logs = event_logger("processor")

T = TypeVar("T")

_LONGEST_REASON = 1_000
"""Characters: an engine's reason may quote the whole document."""

_MAY_PASS = (IndexUnavailableError, IndexSetupError, LogUnavailableError)
"""What a batch is held for. A wrong index setup needs a person, but loses nothing meanwhile."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A video as a batch tells it, and the last record that told it."""

    video: Video
    record: Record


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch: records read, documents written, records given up as unusable."""

    records: int
    written: int
    unusable: int


class BatchProcessor:
    """Processes batches, each until it is done. Threads may process batches that share no video at once."""

    def __init__(
        self, log: EventLog, index: VideoIndex, patience: Patience, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._log = log
        self._index = index
        self._patience = patience
        self._clock = clock

    def process(self, records: Sequence[Record]) -> BatchReport:
        """Returns when log and index have answered for every record. Raises StoppedError when asked to stop."""
        sightings, dead = self._until_done(lambda: self._read(records))
        self._until_done(lambda: self._bury(dead))
        pending = list(sightings.values())
        written = 0
        while pending:
            done, pending = self._until_done(partial(self._write, pending))
            written += done
        return BatchReport(len(records), written, len(dead))

    def _read(self, records: Sequence[Record]) -> tuple[dict[str, Sighting], list[NewRecord]]:
        """One sighting per video, in which all of its records are merged; and the dead letters of the others."""
        sightings: dict[str, Sighting] = {}
        dead = []
        for record in records:
            try:
                seen = read_sighting(record)
            except UnusableRecordError as error:
                dead.append(self._dead_letter(record, str(error)))
                continue
            before = sightings.get(seen.video_id)
            sightings[seen.video_id] = Sighting(merge(before.video, seen) if before else seen, record)
        return sightings, dead

    def _write(self, sightings: Sequence[Sighting]) -> tuple[int, list[Sighting]]:
        """Merges with what the index has and writes what changed. Gives the count and what met a conflict.

        May be repeated as a whole after a failure: what was written then changes nothing any more.
        """
        known = self._index.get([sighting.video.video_id for sighting in sightings])
        changed: list[tuple[Sighting, Write]] = []
        for sighting, stored in zip(sightings, known, strict=True):
            merged = merge(stored.video if stored else None, sighting.video)
            if stored is None or merged is not stored.video:
                changed.append((sighting, Write(merged, stored.version if stored else None)))
        self._log.append(
            [NewRecord(VIDEOS.name, write.video.video_id, write.video.to_json()) for _, write in changed]
        )
        results = self._index.write([write for _, write in changed])
        outcomes = [(sighting, result) for (sighting, _), result in zip(changed, results, strict=True)]
        self._bury(
            [
                self._dead_letter(sighting.record, f"the index rejects the document: {result.reason}")
                for sighting, result in outcomes
                if result.outcome is Outcome.REJECTED
            ]
        )
        written = sum(result.outcome is Outcome.WRITTEN for _, result in outcomes)
        return written, [sighting for sighting, result in outcomes if result.outcome is Outcome.CONFLICT]

    def _bury(self, letters: Sequence[NewRecord]) -> None:
        """Appends dead letters; of one that is larger than the log takes, all but the source's value."""
        try:
            self._log.append(letters)
        except RecordRejectedError:
            for letter in letters:
                self._bury_one(letter)

    def _bury_one(self, letter: NewRecord) -> None:
        try:
            self._log.append([letter])
        except RecordRejectedError as error:
            logs.warning("dead_letter_without_value", key=letter.key, reason=error)
            self._log.append([replace(letter, value=None)])

    def _dead_letter(self, record: Record, reason: str) -> NewRecord:
        logs.warning(
            "dead_letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason
        )
        letter = DeadLetter(
            reason=reason[:_LONGEST_REASON],
            source_topic=record.topic,
            source_partition=record.partition,
            source_offset=record.offset,
            failed_at=self._clock(),
        )
        return NewRecord(DEAD_LETTERS.name, record.key, record.value, letter.to_headers())

    def _until_done(self, step: Callable[[], T]) -> T:
        """Tries a step until it succeeds. Meanwhile the partition is held, and nothing is lost."""
        for attempt in self._patience.attempts():
            try:
                return step()
            except _MAY_PASS as error:
                logs.warning("batch_held", attempt=attempt, reason=error)
            except Exception:
                # Nobody foresaw it, and to go on would lose the batch.
                logs.exception("batch_held_by_a_defect", attempt=attempt)
        raise AssertionError("attempts never end by themselves")
