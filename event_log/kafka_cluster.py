"""Asks the cluster what there is: topics, partitions, and where they end."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from event_log.kafka_client import REQUEST_TIMEOUT_S, KafkaConnection
from event_log.kafka_topics import TopicLayout, create_missing
from schemas import Topic

Place = tuple[str, int]
"""A topic and a partition of it."""


class KafkaCluster:
    """Questions go through a client of their own: a broker answers a connection's requests in turn, and one that
    fetches is held up to half a second while there is nothing to fetch.

    Every method raises LogUnavailableError when there is no answer.
    """

    def __init__(self, connection: KafkaConnection, layout: TopicLayout) -> None:
        self._connection = connection
        self._layout = layout
        self._lock = Lock()
        self._client: AdminClient | None = None

    def create_topics(self, topics: Sequence[Topic]) -> None:
        """Creates the topics that are not there."""
        with self._asking("creating topics") as client:
            create_missing(client, topics, self._layout)

    def topics(self, timeout_s: float = REQUEST_TIMEOUT_S) -> set[str]:
        """Names of the topics there are."""
        with self._asking("asking for its topics") as client:
            # Of one topic that is not there, a broker might take the question for a wish.
            return set(client.list_topics(timeout=timeout_s).topics)

    def partitions(self, topics: Iterable[str], timeout_s: float = REQUEST_TIMEOUT_S) -> list[Place]:
        """The partitions of those topics that there are."""
        with self._asking("asking for its partitions") as client:
            there = client.list_topics(timeout=timeout_s).topics
            return [(topic, partition) for topic in topics if topic in there for partition in there[topic].partitions]

    def ends(self, places: Collection[Place]) -> dict[Place, int]:
        """The offset behind the last record of each partition, without those of transactions still open."""
        with self._asking("asking for the ends of its partitions") as client:
            try:
                return _ends(client, places)
            except KafkaException:
                # A leader that moved, or a broker that restarted, is asked as it was before until this client asks
                # for the topics again.
                client.list_topics(timeout=REQUEST_TIMEOUT_S)
                return _ends(client, places)

    def close(self) -> None:
        """Frees the client."""
        with self._lock:
            self._client = None

    @contextmanager
    def _asking(self, doing: str) -> Iterator[AdminClient]:
        with self._connection.errors_explained(doing):
            with self._lock:
                if self._client is None:
                    self._client = AdminClient(self._connection.settings({}))
                client = self._client
            try:
                yield client
            finally:
                client.poll(0)  # its log lines wait until then


def _ends(client: AdminClient, places: Iterable[Place]) -> dict[Place, int]:
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    answers = client.list_offsets(
        {TopicPartition(*place): latest for place in places},
        isolation_level=IsolationLevel.READ_COMMITTED,
        request_timeout=REQUEST_TIMEOUT_S,
    )
    return {(place.topic, place.partition): answer.result().offset for place, answer in answers.items()}
