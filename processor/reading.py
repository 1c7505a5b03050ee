"""What the records of a batch tell, by video."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from event_log import Record
from observability import event_logger
from processor.events import Event, UnusableRecordError
from processor.lookups import read_lookup
from processor.sightings import read_sighting
from schemas import LOOKUPS, RAW

logs = event_logger("processor")

TOPICS = (RAW, LOOKUPS)
"""What the processor consumes, in one consumer group."""

_READERS: Mapping[str, Callable[[Record], Event | None]] = {RAW.name: read_sighting, LOOKUPS.name: read_lookup}


@dataclass(frozen=True, slots=True)
class VideoEvents:
    """What a batch tells of a video, oldest first, and the last record that told it."""

    video_id: str
    events: list[Event]
    record: Record


@dataclass(frozen=True, slots=True)
class Unusable:
    """A record to give up, and why."""

    record: Record
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the records of a batch come to. `silent` counts those that tell of no video, and need not."""

    told: list[VideoEvents]
    unusable: list[Unusable]
    silent: int


def read_batch(records: Sequence[Record]) -> Reading:
    """Sorts the records out. Of a video they count in the order in which YouTube answered, as topics have no order
    between them; those of the same second in the order of the batch.
    """
    by_video: defaultdict[str, list[tuple[Event, Record]]] = defaultdict(list)
    unusable: list[Unusable] = []
    silent = 0
    for record in records:
        try:
            event = _READERS[record.topic](record)
        except UnusableRecordError as error:
            unusable.append(Unusable(record, str(error)))
            continue
        except MemoryError:
            raise  # passes, as nothing else can: a record alone decides what is read in it
        except Exception as error:
            logs.exception("record_unreadable", topic=record.topic, key=record.key, offset=record.offset)
            unusable.append(Unusable(record, f"a defect of its reader: {type(error).__name__}"))
            continue
        if event is None:
            silent += 1
        else:
            by_video[event.video_id].append((event, record))
    return Reading([_told(video_id, each) for video_id, each in by_video.items()], unusable, silent)


def _told(video_id: str, told: list[tuple[Event, Record]]) -> VideoEvents:
    if len(told) > 1:
        told.sort(key=lambda each: each[0].fetched_at)
    return VideoEvents(video_id, [event for event, _ in told], told[-1][1])
