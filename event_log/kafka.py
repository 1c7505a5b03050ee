"""The log on Kafka, through confluent-kafka (librdkafka)."""

from collections.abc import Iterable, Sequence
from typing import Self

from event_log.admission import check_records
from event_log.interface import NewRecord
from event_log.kafka_client import REQUEST_TIMEOUT_S, KafkaConnection
from event_log.kafka_cluster import KafkaCluster
from event_log.kafka_consumer import KafkaConsumer
from event_log.kafka_counting import KafkaCounting
from event_log.kafka_ownership import KafkaOwnership
from event_log.kafka_producer import AcknowledgedProducer
from event_log.kafka_reader import KafkaReader
from event_log.kafka_security import OPEN, client_security
from event_log.kafka_sizes import as_others
from event_log.kafka_topics import AS_MADE, TopicLayout
from schemas import Topic
from schemas.access import KafkaAccess

_CHECK_TIMEOUT_S = 5.0


class KafkaLog:
    """Implements `EventLog` on the cluster at `bootstrap_servers` (`host:port`, separated by commas).

    `access` is how the cluster lets clients in, `layout` what new topics are made with. `delivery_timeout_s` is how
    long a record may wait for its acknowledgement, retries included.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        access: KafkaAccess = OPEN,
        *,
        layout: TopicLayout = AS_MADE,
        delivery_timeout_s: float = 30.0,
    ) -> None:
        self._connection = KafkaConnection(bootstrap_servers, client_security(access))
        self._delivery_timeout_s = delivery_timeout_s
        self._request_timeout_s = min(REQUEST_TIMEOUT_S, delivery_timeout_s)
        self._cluster = KafkaCluster(self._connection, layout)
        self._counting = KafkaCounting(self._connection, self._cluster)
        self._producer = AcknowledgedProducer(self._connection, delivery_timeout_s)
        self._known: set[str] = set()
        self._compacted: set[str] = set()

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """See `EventLog`. Those that are there keep their partitions and replicas; `youtube.poll-state` takes records
        of up to 16 MB, also if it is there already."""
        topics = tuple(topics)
        self._cluster.create_topics(topics)
        self._compacted |= {topic.name for topic in topics if topic.compacted}

    def append(self, records: Sequence[NewRecord]) -> None:
        """See `EventLog`. Waits for each record up to the delivery timeout."""
        if records:
            self._admit(records)
            self._producer.append(records)

    def consumer(self, group: str, topics: Sequence[str]) -> KafkaConsumer:
        """See `EventLog`. The partitions are shared among the members of the group."""
        return KafkaConsumer(self._connection, group, topics)

    def reader(self, topics: Sequence[str]) -> KafkaReader:
        """See `EventLog`."""
        return KafkaReader(self._connection, self._cluster, topics)

    def own(self, name: str) -> KafkaOwnership:
        """See `EventLog`. Creates the control topic, once Kafka answers, if there is none."""
        return KafkaOwnership(self._connection, self._cluster, name, self._delivery_timeout_s, self._admit)

    def count(self, topics: Sequence[str], *, not_committed_by: str | None = None) -> dict[tuple[str, int], int]:
        """See `EventLog`. Counts offsets: those that compaction left free, and marks of transactions, too."""
        return self._counting.count(topics, not_committed_by)

    def check(self) -> None:
        """See `EventLog`. Waits up to five seconds."""
        self._cluster.topics(_CHECK_TIMEOUT_S)

    def close(self) -> None:
        """See `EventLog`."""
        self._producer.close()
        self._counting.close()
        self._cluster.close()

    def _admit(self, records: Sequence[NewRecord]) -> None:
        if not self._known.issuperset(record.topic for record in records):
            self._known = self._cluster.topics(self._request_timeout_s)
        check_records(map(as_others, records), self._known, self._compacted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
