"""Reads `youtube.videos` as what it makes of the index: the newest document of each id, or that it is gone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from pydantic import ValidationError

from event_log import EventLog, Positions, Reader, Record
from observability import event_logger
from schemas import VIDEOS, Video

logs = event_logger("operations")

AT_ONCE = 2_000
"""Records that are read, and documents that are written, at once."""

_WAIT_S = 0.2

Changes = Mapping[str, Video | None]


class Replay:
    """A reader of the topic, from its beginning. Its methods raise LogUnavailableError, and may then be called again.

    `records` counts what was read, `unreadable` what is no video of this version.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.records = 0
        self.unreadable = 0

    def batch(self) -> dict[str, Video | None]:
        """The newest of the next records by id; nothing when there are none just now."""
        records = self._reader.poll(AT_ONCE, _WAIT_S)
        self.records += len(records)
        changes, unreadable = newest(records)
        self.unreadable += unreadable
        return changes

    def skip_to_end(self) -> None:
        """Leaves out everything that is there now."""
        self._reader.seek(self._reader.ends())

    def left(self) -> int:
        """How many offsets are before the end."""
        ends, positions = self._reader.ends(), self._reader.positions()
        return sum(max(0, end - positions.get(place, 0)) for place, end in ends.items())

    def ends(self) -> Positions:
        """Behind the last records that there are now."""
        return self._reader.ends()

    def has_reached(self, ends: Positions) -> bool:
        """Whether everything before these was read."""
        positions = self._reader.positions()
        return all(positions.get(place, 0) >= end for place, end in ends.items())


@contextmanager
def replaying(log: EventLog) -> Iterator[Replay]:
    """A replay that is closed in the end."""
    reader = log.reader([VIDEOS.name])
    try:
        yield Replay(reader)
    finally:
        reader.close()


def newest(records: Sequence[Record]) -> tuple[dict[str, Video | None], int]:
    """The last document of each id, None for one that is gone; and how many records could not be read."""
    last = {record.key: record for record in records if record.key is not None}
    changes: dict[str, Video | None] = {}
    unreadable = len(records) - sum(record.key is not None for record in records)
    for video_id, record in last.items():
        try:
            changes[video_id] = None if record.value is None else Video.model_validate_json(record.value)
        except ValidationError:
            unreadable += 1
            logs.warning(
                "record_unreadable",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                key=video_id,
            )
    return changes, unreadable
