"""A member of a consumer group on Kafka, which commits only what its caller asks it to."""

from collections.abc import Sequence

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from event_log.interface import Record
from event_log.kafka_client import REQUEST_TIMEOUT_S, KafkaConnection, logs, reason_of
from event_log.kafka_reading import Fetcher

_SESSION_TIMEOUT_MS = 10_000
"""How long a killed member keeps its partitions."""

# The partitions are, or will soon be, another member's, which reads on from the last commit.
_LOST = {
    KafkaError.FENCED_INSTANCE_ID,
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError._ASSIGNMENT_LOST,
}

_Place = tuple[str, int]


class KafkaConsumer:
    """See `Consumer`. What a member polled and did not commit is read again by whoever gets the partition."""

    def __init__(self, connection: KafkaConnection, group: str, topics: Sequence[str]) -> None:
        self._connection = connection
        self._next_offsets: dict[_Place, int] = {}  # polled and not committed
        self._rewinding = False
        self._fetcher = Fetcher(connection, {"group.id": group, "session.timeout.ms": _SESSION_TIMEOUT_MS})
        self._client = self._fetcher.client
        with connection.errors_explained(f"joining group {group}"):
            self._client.subscribe(list(topics), on_revoke=self._forget, on_lost=self._forget)

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """See `Consumer`."""
        with self._connection.errors_explained("reading"):
            if self._rewinding:
                self._go_to_committed()
            records = self._fetcher.fetch(max_records, timeout_s)
        for record in records:
            self._next_offsets[record.topic, record.partition] = record.offset + 1
        return records

    def commit(self) -> None:
        """See `Consumer`. Partitions that were lost meanwhile are left out."""
        with self._connection.errors_explained("committing"):
            mine = {(place.topic, place.partition) for place in self._client.assignment()}
            offsets = [
                TopicPartition(topic, partition, offset)
                for (topic, partition), offset in self._next_offsets.items()
                if (topic, partition) in mine
            ]
            if offsets:
                self._commit(offsets)
        self._next_offsets.clear()

    def rewind(self) -> None:
        """See `Consumer`. The next `poll` asks Kafka for the last commit, and raises when it does not answer."""
        self._next_offsets.clear()
        self._rewinding = True

    def close(self) -> None:
        """See `Consumer`."""
        self._fetcher.close()

    def _commit(self, offsets: list[TopicPartition]) -> None:
        try:
            for place in self._client.commit(offsets=offsets, asynchronous=False):
                if place.error is not None:
                    raise KafkaException(place.error)
        except KafkaException as error:
            reason = reason_of(error)
            if reason.code() not in _LOST:
                raise
            logs.warning("kafka_partitions_lost", reason=reason.str(), consequence="read again from the last commit")

    def _go_to_committed(self) -> None:
        assigned = self._client.assignment()
        if assigned:
            committed = self._client.committed(assigned, timeout=REQUEST_TIMEOUT_S)
            # Not `seek`: it fails while a partition is being started, and this drops what was fetched already.
            self._client.assign([_start(place) for place in committed])
        self._rewinding = False

    def _forget(self, _client: Consumer, places: list[TopicPartition]) -> None:
        for place in places:
            self._next_offsets.pop((place.topic, place.partition), None)


def _start(committed: TopicPartition) -> TopicPartition:
    if committed.error is not None:
        raise KafkaException(committed.error)
    offset = committed.offset if committed.offset >= 0 else OFFSET_BEGINNING
    return TopicPartition(committed.topic, committed.partition, offset)
