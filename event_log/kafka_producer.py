"""Appends to Kafka without transactions: some of a batch that failed may have been appended."""

from collections.abc import Sequence
from threading import Lock

from confluent_kafka import Producer

from event_log.interface import NewRecord
from event_log.kafka_client import KafkaConnection
from event_log.kafka_delivery import PRODUCING, deliver


class AcknowledgedProducer:
    """An idempotent producer, for one batch at a time; one that failed for good is replaced at the next use."""

    def __init__(self, connection: KafkaConnection, delivery_timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = delivery_timeout_s
        self._lock = Lock()
        self._producer: Producer | None = None

    def append(self, records: Sequence[NewRecord]) -> None:
        """Returns when every record is acknowledged by all replicas in sync.

        Raises RecordRejectedError when Kafka refuses a record, LogUnavailableError when some were not acknowledged
        within the delivery timeout; some of them may have been appended all the same.
        """
        if not self._lock.acquire(timeout=self._timeout_s):
            raise self._connection.unavailable("appending", "other threads' records have not been acknowledged yet")
        try:
            self._deliver(records)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Frees the producer. Nothing waits in it: `append` does."""
        self._producer = None

    def _deliver(self, records: Sequence[NewRecord]) -> None:
        with self._connection.errors_explained("appending"):
            producer = self._client()
        delivery = deliver(producer, records, self._timeout_s)
        if delivery.failure is not None or delivery.waiting:
            # It may be unusable after a fatal error, and what it still holds must not overtake the next try.
            self._producer = None
            producer.purge()
        if delivery.rejection is not None:
            raise delivery.rejection
        if not delivery.complete:
            raise self._connection.unavailable("appending", delivery.reason)

    def _client(self) -> Producer:
        if self._producer is None:
            own = PRODUCING | {"message.timeout.ms": int(self._timeout_s * 1000)}
            self._producer = Producer(self._connection.settings(own))
        return self._producer
