"""How large a record may be on Kafka, by topic."""

from dataclasses import replace

from event_log.interface import NewRecord
from schemas import POLL_STATE

LARGEST_BATCH_BYTES = 16 * 1024 * 1024
"""The most that any topic takes at once: the producer's status tells of every subject, in some 370 bytes each."""

_OVERHEAD_BYTES = 64 * 1024
_USUAL_BATCH_BYTES = 1_048_588
_LARGER = {POLL_STATE.name}


def has_larger_records(topic: str) -> bool:
    """Whether the topic takes larger records than others."""
    return topic in _LARGER


def most_bytes(topic: str) -> int:
    """The topic's `max.message.bytes`: of a batch, with its framing, as it is compressed."""
    return LARGEST_BATCH_BYTES if has_larger_records(topic) else _USUAL_BATCH_BYTES


def as_others(record: NewRecord) -> NewRecord:
    """The record as it is to be judged by what is allowed everywhere: without a value that its topic alone takes."""
    fits = record.value is not None and len(record.value) <= LARGEST_BATCH_BYTES - _OVERHEAD_BYTES
    return replace(record, value=None) if fits and has_larger_records(record.topic) else record
