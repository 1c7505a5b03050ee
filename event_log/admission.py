"""Which records the log takes: the same ones, whichever implementation is behind it."""

from collections.abc import Collection, Iterable

from event_log.errors import RecordRejectedError
from event_log.interface import NewRecord

MAX_RECORD_BYTES = 1_000_000
"""Key, value and headers together. A Kafka broker takes batches of 1,048,588 bytes unless it is told otherwise
(`message.max.bytes`), so that the largest record still fits into a batch of its own."""

_SHOWN_CHARACTERS = 100


def check_records(records: Iterable[NewRecord], known: Collection[str], keyed: Collection[str]) -> None:
    """Raises RecordRejectedError for the first record that the log can never take.

    `known` are the topics there are, `keyed` those of them whose records need a key.
    """
    for record in records:
        if record.topic not in known:
            raise rejected(record, "there is no such topic: create it first")
        if record.key is None and record.topic in keyed:
            raise rejected(record, "a compacted topic keeps the newest record of every key, so it needs a key")
        size = _size(record)
        if size > MAX_RECORD_BYTES:
            raise rejected(record, f"it has {size:,} bytes, at most {MAX_RECORD_BYTES:,} are accepted")


def rejected(record: NewRecord, reason: str) -> RecordRejectedError:
    """The error that names the record and the reason, and shows nothing of its value."""
    key = "no key" if record.key is None else f"key {record.key[:_SHOWN_CHARACTERS]!a}"
    return RecordRejectedError(f"record with {key} for topic {record.topic!a}: {reason}")


def _size(record: NewRecord) -> int:
    try:
        key = 0 if record.key is None else len(record.key.encode())
        names = sum(len(name.encode()) for name, _ in record.headers)
    except UnicodeEncodeError as error:
        raise rejected(record, "its key or a header's name holds half a character (a lone surrogate)") from error
    if any("\0" in name for name, _ in record.headers):
        raise rejected(record, "a header's name holds a NUL character, which Kafka clients cut it at")
    return key + names + sum(len(value) for _, value in record.headers) + len(record.value or b"")
