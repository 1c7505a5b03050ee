"""A backup on Kafka and Elasticsearch: a file of records, and a copy of the index beside it.

    1 poll state, control, alerts ─► 2 raw results that are not committed ─► 3 index ─► 4 youtube.videos

The order is what makes it whole while the pipeline runs. Whatever the poll state calls complete was published before
it was read, so it is in the index by 3, or among the raw results of 2; and the processor writes `youtube.videos`
before the index, so what is in 3 is in 4. What comes later is polled again after a restore, and changes nothing
twice.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from event_log import EventLog, LogUnavailableError, Positions, Reader, Record
from operations.backup_file import BackupWriter, Head, Snapshot
from operations.errors import RefusedError
from operations.snapshots import Snapshots
from schemas import ALERTS, CONTROL, LOOKUPS, POLL_STATE, RAW, VIDEOS
from schemas.groups import PROCESSOR_GROUP
from video_index.elasticsearch_versions import IndexVersions

STATE = (POLL_STATE, CONTROL, ALERTS)
"""Read in this order: a subject is on the control topic before there is progress on it."""

UNPROCESSED = (RAW, LOOKUPS)

_AT_ONCE = 2_000
_COUNTED_WITHIN_S = 30.0
_WAIT_S = 0.2
_PASSING = "status/"
"""What people are shown of a producer says nothing once that is gone."""


def back_up(
    log: EventLog, versions: IndexVersions, snapshots: Snapshots | None, directory: Path, now: datetime
) -> tuple[Path, dict[str, int], Snapshot | None]:
    """Writes a backup into `directory`; its file, how many records of each topic it has, and the copy of the index.

    Raises RefusedError before anything was written, LogUnavailableError and FailedError.
    """
    name = f"topicreel-{now:%Y%m%dt%H%M%Sz}"
    index = versions.current()
    if index is None:
        raise RefusedError("there is no index to back up: make reindex")
    if snapshots is not None:
        snapshots.check(name)
    state = list(_state(log))
    unprocessed = _not_committed(log)
    with closing(log.reader([topic.name for topic in UNPROCESSED])) as raw:
        raw.seek(unprocessed)
        ends = raw.ends()
        # Opened before the copy of the index is made, so that the head can name it.
        copy = snapshots.make(name, index) if snapshots is not None else None
        with BackupWriter(directory / f"{name}.gz", Head(at=now, snapshot=copy)) as file:
            for record in state:
                file.add(record)
            for record in _up_to(raw, ends):
                file.add(record)
            with closing(log.reader([VIDEOS.name])) as videos:
                for record in _up_to(videos, videos.ends()):
                    file.add(record)
    return directory / f"{name}.gz", dict(file.counts), copy


def live(log: EventLog, topic: str) -> dict[str, Record]:
    """The newest record of every key that was not removed, but for what is only shown."""
    with closing(log.reader([topic])) as reader:
        newest = {record.key: record for record in reader.read_to_end()}
    return {
        key: record
        for key, record in newest.items()
        if key is not None and record.value is not None and not key.startswith(_PASSING)
    }


def _state(log: EventLog) -> Iterator[Record]:
    for topic in STATE:
        yield from live(log, topic.name).values()


def _not_committed(log: EventLog) -> Positions:
    """From where on raw results are not known to be processed."""
    names = [topic.name for topic in UNPROCESSED]
    with closing(log.reader(names)) as reader:
        # The ends first: what is added in between makes the positions earlier, never later.
        ends = reader.ends()
    waiting = _count(log, names)
    return {place: max(0, end - waiting.get(place, 0)) for place, end in ends.items()}


def _count(log: EventLog, names: Sequence[str]) -> Mapping[tuple[str, int], int]:
    """A broker that has just started may not know yet who coordinates the group."""
    deadline = time.monotonic() + _COUNTED_WITHIN_S
    while True:
        try:
            return log.count(names, not_committed_by=PROCESSOR_GROUP)
        except LogUnavailableError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_WAIT_S)


def _up_to(reader: Reader, ends: Positions) -> Iterator[Record]:
    """What comes before these ends."""
    while any(reader.positions().get(place, 0) < end for place, end in ends.items()):
        yield from (
            record
            for record in reader.poll(_AT_ONCE, _WAIT_S)
            if record.offset < ends.get((record.topic, record.partition), 0)
        )
