"""Topics on Kafka: what they are made with."""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]
from confluent_kafka.cimpl import NewTopic

from event_log.kafka_client import REQUEST_TIMEOUT_S, reason_of
from schemas import Topic

_DAY_MS = "86400000"
_BROKERS_DEFAULT = -1
_PAUSE_S = 0.02

_EVERY_TOPIC = {
    "max.message.bytes": "1048588",
    # Kafka removes whole segments: with one a day a record is gone a day after its time at the latest, and
    # compaction, which leaves the segment that is being written alone, sees yesterday's records.
    "segment.ms": _DAY_MS,
}
_COMPACTED = _EVERY_TOPIC | {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.1",
    "max.compaction.lag.ms": _DAY_MS,
    "delete.retention.ms": _DAY_MS,
}


def settings_of(topic: Topic) -> dict[str, str]:
    """The settings a topic is made with (https://kafka.apache.org/documentation/#topicconfigs)."""
    if topic.retention is None:
        return _COMPACTED
    retention_ms = topic.retention // timedelta(milliseconds=1)
    # No limit of bytes, whatever the broker's default is: only time removes a record.
    return _EVERY_TOPIC | {"cleanup.policy": "delete", "retention.ms": str(retention_ms), "retention.bytes": "-1"}


def create_missing(client: AdminClient, topics: Sequence[Topic]) -> None:
    """Creates the topics that are not there, and returns when they can be used. Raises KafkaException."""
    there = client.list_topics(timeout=REQUEST_TIMEOUT_S).topics
    missing = [topic for topic in topics if topic.name not in there]
    if missing:
        _create(client, missing)
        _wait_until_usable(client, {topic.name for topic in missing})


def _create(client: AdminClient, topics: Iterable[Topic]) -> None:
    new = [NewTopic(topic.name, topic.partitions, _BROKERS_DEFAULT, config=settings_of(topic)) for topic in topics]
    for future in client.create_topics(new, request_timeout=REQUEST_TIMEOUT_S).values():
        try:
            future.result()
        except KafkaException as error:
            # Another service came first, which is as good.
            if reason_of(error).code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def _wait_until_usable(client: AdminClient, wanted: set[str]) -> None:
    """The controller answers before every broker has heard of a new topic."""
    deadline = time.monotonic() + REQUEST_TIMEOUT_S
    while missing := wanted - _usable(client, wanted):
        if time.monotonic() >= deadline:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"no leader yet for {', '.join(sorted(missing))}"))
        time.sleep(_PAUSE_S)


def _usable(client: AdminClient, wanted: set[str]) -> set[str]:
    """Names of those topics that can be written to and read from now."""
    led = {
        name: topic.partitions
        for name, topic in client.list_topics(timeout=REQUEST_TIMEOUT_S).topics.items()
        if name in wanted and topic.error is None and all(each.leader >= 0 for each in topic.partitions.values())
    }
    # A broker that is named as the leader may not know it yet.
    return {name for name, partitions in led.items() if _leaders_answer(client, name, partitions)}


def _leaders_answer(client: AdminClient, topic: str, partitions: Iterable[int]) -> bool:
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    asked = {TopicPartition(topic, partition): latest for partition in partitions}
    answers = client.list_offsets(asked, request_timeout=REQUEST_TIMEOUT_S).values()
    return not any(isinstance(answer.exception(), KafkaException) for answer in answers)
