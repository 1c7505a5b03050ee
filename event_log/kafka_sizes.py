"""How large a record may be on Kafka, by topic."""

from dataclasses import replace

from event_log.interface import NewRecord
from schemas import POLL_STATE

LARGEST_BATCH_BYTES = 16 * 1024 * 1024
"""The most that any topic takes at once: the producer's status tells of every subject, in some 370 bytes each."""

LARGEST = "max.message.bytes"
"""The setting of a topic for that: of a batch, with its framing, as it is compressed."""

_OVERHEAD_BYTES = 64 * 1024
_USUAL = {LARGEST: "1048588"}
_ROOMY = {
    LARGEST: str(LARGEST_BATCH_BYTES),
    # Compaction leaves the segment that is being written alone, and whoever starts reads all of it: a gigabyte, the
    # default, would hold a day of statuses.
    "segment.bytes": str(2 * LARGEST_BATCH_BYTES),
}


def is_roomy(topic: str) -> bool:
    """Whether the topic takes larger records than others."""
    return topic == POLL_STATE.name


def sizes(topic: str) -> dict[str, str]:
    """The topic's settings of size (https://kafka.apache.org/documentation/#topicconfigs)."""
    return _ROOMY if is_roomy(topic) else _USUAL


def as_others(record: NewRecord) -> NewRecord:
    """The record as it is to be judged by what is allowed everywhere: without a value that its topic alone takes."""
    fits = record.value is not None and len(record.value) <= LARGEST_BATCH_BYTES - _OVERHEAD_BYTES
    return replace(record, value=None) if fits and is_roomy(record.topic) else record
