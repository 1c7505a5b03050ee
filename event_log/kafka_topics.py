"""Topics on Kafka: what they are made with."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    OffsetSpec,
)
from confluent_kafka.cimpl import NewTopic

from event_log.kafka_client import REQUEST_TIMEOUT_S, logs, reason_of
from event_log.kafka_sizes import LARGEST, is_roomy, sizes
from schemas import Topic

_DAY_MS = "86400000"
_BROKERS_DEFAULT = -1
_PAUSE_S = 0.02

_EVERY_TOPIC = {
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


@dataclass(frozen=True, slots=True)
class TopicLayout:
    """How new topics are spread over the cluster; None is what the topic, or else the cluster, is made for."""

    partitions: int | None = None
    replication_factor: int | None = None
    min_insync_replicas: int | None = None

    def partitions_of(self, topic: Topic) -> int:
        """A topic of one partition relies on it: for the order of its records, or as the one thing to own."""
        return topic.partitions if topic.partitions == 1 or self.partitions is None else self.partitions


AS_MADE = TopicLayout()


def new_topic(topic: Topic, layout: TopicLayout) -> NewTopic:
    """The topic as Kafka is asked for it."""
    settings = settings_of(topic)
    if layout.min_insync_replicas is not None:
        settings["min.insync.replicas"] = str(layout.min_insync_replicas)
    replicas = layout.replication_factor or _BROKERS_DEFAULT
    return NewTopic(topic.name, layout.partitions_of(topic), replicas, config=settings)


def settings_of(topic: Topic) -> dict[str, str]:
    """The settings a topic is made with (https://kafka.apache.org/documentation/#topicconfigs)."""
    if topic.retention is None:
        return _COMPACTED | sizes(topic.name)
    retention_ms = topic.retention // timedelta(milliseconds=1)
    # No limit of bytes, whatever the broker's default is: only time removes a record.
    deleted = {"cleanup.policy": "delete", "retention.ms": str(retention_ms), "retention.bytes": "-1"}
    return _EVERY_TOPIC | deleted | sizes(topic.name)


def create_missing(client: AdminClient, topics: Sequence[Topic], layout: TopicLayout) -> None:
    """Creates the topics that are not there, and returns when they can be used. Those that are there take records as
    large as new ones would. Raises KafkaException."""
    there = client.list_topics(timeout=REQUEST_TIMEOUT_S).topics
    missing = [topic for topic in topics if topic.name not in there]
    if missing:
        _create(client, [new_topic(topic, layout) for topic in missing])
        _wait_until_usable(client, {topic.name for topic in missing})
    for topic in topics:
        if topic.name in there and is_roomy(topic.name):
            _make_room(client, topic.name)


def _make_room(client: AdminClient, topic: str) -> None:
    """Raises what a topic takes that an earlier version made, and never lowers it."""
    wanted = sizes(topic)
    try:
        if _largest_taken(client, topic) < int(wanted[LARGEST]):
            _alter(client, topic, wanted)
    except KafkaException as error:
        # Describing and altering topics need rights of their own, and all else goes on without.
        logs.warning("kafka_topic_not_altered", topic=topic, wanted=wanted, reason=reason_of(error).str())


def _largest_taken(client: AdminClient, topic: str) -> int:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    [answer] = client.describe_configs([resource], request_timeout=REQUEST_TIMEOUT_S).values()
    return int(answer.result()[LARGEST].value)


def _alter(client: AdminClient, topic: str, wanted: Mapping[str, str]) -> None:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in wanted.items()
    ]
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries)
    [answer] = client.incremental_alter_configs([resource], request_timeout=REQUEST_TIMEOUT_S).values()
    answer.result()


def _create(client: AdminClient, topics: list[NewTopic]) -> None:
    for future in client.create_topics(topics, request_timeout=REQUEST_TIMEOUT_S).values():
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
