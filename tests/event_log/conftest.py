"""Fixtures on top of `open_log`, which each test module gives for its implementation."""

from collections.abc import Iterator

import pytest

from event_log import EventLog, Reader
from schemas import Topic
from tests.event_log.contract.steps import OpenLog, new_topic


@pytest.fixture
def log(open_log: OpenLog) -> EventLog:
    """The log under test."""
    return open_log()


@pytest.fixture
def topic(log: EventLog) -> Topic:
    """A topic of the test's own that keeps its records for a time."""
    topic = new_topic()
    log.create_topics([topic])
    return topic


@pytest.fixture
def compacted(log: EventLog) -> Topic:
    """A compacted topic of the test's own."""
    topic = new_topic(compacted=True, partitions=1)
    log.create_topics([topic])
    return topic


@pytest.fixture
def reader(log: EventLog, topic: Topic) -> Iterator[Reader]:
    """A reader of `topic`."""
    reader = log.reader([topic.name])
    yield reader
    reader.close()
