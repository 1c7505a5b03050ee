"""Reads Kafka topics outside any consumer group."""

import uuid
from collections.abc import Mapping, Sequence

from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from event_log.interface import Positions, Record
from event_log.kafka_client import REQUEST_TIMEOUT_S, KafkaConnection
from event_log.kafka_cluster import KafkaCluster, Place
from event_log.kafka_reading import Fetcher

_AT_ONCE = 5_000
_SHORTEST_QUESTION_S = 1.0


class KafkaReader:
    """See `Reader`. A topic that does not exist yet is empty. Of transactions only what was committed is read."""

    def __init__(self, connection: KafkaConnection, cluster: KafkaCluster, topics: Sequence[str]) -> None:
        self._connection = connection
        self._cluster = cluster
        self._topics = tuple(dict.fromkeys(topics))
        self._starts: dict[Place, int] = {}
        self._read: list[Record] = []  # by a `read_to_end` that failed before it could return them
        own = {
            # The client wants the name of a group; it never joins it.
            "group.id": f"topicreel-reader-{uuid.uuid4()}",
            # Being told of ends moves the client's position past what is not there any more (compaction) and past
            # what is no record (the marks of transactions).
            "enable.partition.eof": True,
        }
        self._fetcher = Fetcher(connection, own)

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """See `Reader`."""
        if self._read:
            records, self._read = self._read[:max_records], self._read[max_records:]
            return records
        with self._connection.errors_explained("reading"):
            if {topic for topic, _ in self._starts} != set(self._topics):
                self._assign(max(timeout_s, _SHORTEST_QUESTION_S))
            return self._fetcher.fetch(max_records, timeout_s)

    def read_to_end(self) -> list[Record]:
        """See `Reader`. Raises LogUnavailableError also when nothing arrives for ten seconds before the end."""
        with self._connection.errors_explained("reading to the end"):
            self._assign(REQUEST_TIMEOUT_S)
            # An empty partition has no position until a fetch has come back without anything, in half a second.
            self._read_up_to({place: end for place, end in self._cluster.ends(self._starts).items() if end > 0})
        records, self._read = self._read, []
        return records

    def positions(self) -> Positions:
        """See `Reader`."""
        with self._connection.errors_explained("asking for its positions"):
            waiting = {(record.topic, record.partition): record.offset for record in reversed(self._read)}
            return {**self._fetched(), **waiting}

    def seek(self, positions: Positions) -> None:
        """See `Reader`."""
        with self._connection.errors_explained("seeking"):
            # Together with what the client has fetched ahead.
            self._fetcher.client.incremental_unassign([TopicPartition(*place) for place in self._starts])
            self._starts, self._read = {}, []
            self._assign(REQUEST_TIMEOUT_S, positions)

    def ends(self) -> Positions:
        """See `Reader`."""
        return self._cluster.ends(self._cluster.partitions(self._topics))

    def close(self) -> None:
        """See `Reader`."""
        self._fetcher.close()

    def _assign(self, timeout_s: float, positions: Positions | None = None) -> None:
        """Starts on the partitions that are new, at these positions or at their beginning."""
        places = self._cluster.partitions(self._topics, timeout_s)
        new = {place: (positions or {}).get(place, 0) for place in places if place not in self._starts}
        if new:
            # One that knows the brokers starts at once, one that has to look for them first in half a second.
            self._fetcher.client.list_topics(timeout=timeout_s)
            started = [TopicPartition(*place, start or OFFSET_BEGINNING) for place, start in new.items()]
            self._fetcher.client.incremental_assign(started)
            self._starts |= new

    def _read_up_to(self, ends: Mapping[Place, int]) -> None:
        while not self._reached(ends):
            records = self._fetcher.fetch(_AT_ONCE, REQUEST_TIMEOUT_S, enough=lambda: self._reached(ends))
            self._read += records
            if not records and not self._reached(ends):
                raise self._connection.unavailable("reading to the end", f"nothing came for {REQUEST_TIMEOUT_S} s")

    def _reached(self, ends: Mapping[Place, int]) -> bool:
        fetched = self._fetched()
        return all(fetched[place] >= end for place, end in ends.items())

    def _fetched(self) -> dict[Place, int]:
        """Behind everything that the client has handed out."""
        told = self._fetcher.client.position([TopicPartition(*place) for place in self._starts])
        # Of a partition of which nothing came since it was assigned the client tells no position.
        return {**self._starts, **{(each.topic, each.partition): each.offset for each in told if each.offset >= 0}}
