"""Steps that the tests of the log share."""

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

from event_log import Consumer, EventLog, NewRecord, Reader, Record
from schemas import Topic

PATIENCE_S = 30.0
"""How long a test waits for what must come."""

OpenLog = Callable[[], EventLog]
"""Opens the log under test, each time with another client."""


def new_topic(*, compacted: bool = False, partitions: int = 3) -> Topic:
    """A topic of the test's own."""
    retention = None if compacted else timedelta(days=28)
    return Topic(f"test-{uuid.uuid4()}", partitions=partitions, retention=retention)


def new_group() -> str:
    return f"test-{uuid.uuid4()}"


def drain(source: Consumer | Reader, count: int, *, at_once: int = 100) -> list[Record]:
    """The next `count` records, however many polls they take; fewer when they do not come in time."""
    records: list[Record] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < count and time.monotonic() < deadline:
        records += source.poll(min(at_once, count - len(records)), 0.2)
    return records


def content(records: Sequence[Record | NewRecord]) -> list[tuple[object, ...]]:
    return [(record.topic, record.key, record.value, record.headers) for record in records]


def values(records: Sequence[Record]) -> list[bytes | None]:
    return [record.value for record in records]


def numbered(topic: Topic, numbers: range, *, key: str = "key") -> list[NewRecord]:
    return [NewRecord(topic.name, key, b"%d" % number) for number in numbers]
