"""Counts the records of Kafka topics, all of them or those that a consumer group has not committed."""

from collections.abc import Mapping, Sequence
from threading import Lock

from confluent_kafka import Consumer, TopicPartition

from event_log.kafka_client import KafkaConnection
from event_log.kafka_cluster import KafkaCluster, Place

_TIMEOUT_S = 3.0

_NOBODY = "topicreel-count"
"""The client wants the name of a group, whether or not one is asked about. It never joins it."""


class KafkaCounting:
    """Asks with a consumer that is a member of no group: the admin client's question for committed offsets crashes
    the process on a broker where no group has committed yet (confluent-kafka 2.16.1).
    """

    def __init__(self, connection: KafkaConnection, cluster: KafkaCluster) -> None:
        self._connection = connection
        self._cluster = cluster
        self._clients: dict[str, Consumer] = {}
        self._lock = Lock()

    def count(self, topics: Sequence[str], group: str | None) -> dict[Place, int]:
        """See `EventLog.count`."""
        places = self._cluster.partitions(topics, _TIMEOUT_S)
        with self._lock, self._connection.errors_explained("counting records"):
            client = self._client(group or _NOBODY)
            committed = _committed(client, places) if group else {}
            return {place: _after(client, place, committed.get(place, 0)) for place in places}

    def close(self) -> None:
        """Frees the clients."""
        with self._lock:
            while self._clients:
                self._clients.popitem()[1].close()

    def _client(self, group: str) -> Consumer:
        if group not in self._clients:
            own = {"group.id": group, "enable.auto.commit": False}
            self._clients[group] = Consumer(self._connection.settings(own))
        return self._clients[group]


def _committed(client: Consumer, places: Sequence[Place]) -> Mapping[Place, int]:
    answers = client.committed([TopicPartition(*place) for place in places], timeout=_TIMEOUT_S) if places else []
    return {(answer.topic, answer.partition): answer.offset for answer in answers if answer.offset >= 0}


def _after(client: Consumer, place: Place, offset: int) -> int:
    first, end = client.get_watermark_offsets(TopicPartition(*place), timeout=_TIMEOUT_S)
    return max(0, end - max(first, offset))
