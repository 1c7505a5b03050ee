"""Produces to Kafka, and knows of every record whether it was acknowledged."""

import time
from collections.abc import Sequence
from threading import Lock

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from event_log.admission import rejected
from event_log.errors import RecordRejectedError
from event_log.interface import NewRecord
from event_log.kafka_client import KafkaConnection, reason_of

_BUFFERED_RECORDS = 20_000
_BUFFERED_KIB = 32 * 1024
_LARGEST_REQUEST_BYTES = 1_048_588
_FLUSH_SLICE_S = 0.5  # between two slices the interpreter sees signals
_GRACE_S = 5.0  # librdkafka reports each record once its time is over; this much later it never will

_REJECTED = {
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError.RECORD_LIST_TOO_LARGE,
    KafkaError.INVALID_RECORD,
    KafkaError.INVALID_TIMESTAMP,
    KafkaError.TOPIC_EXCEPTION,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.POLICY_VIOLATION,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError._UNKNOWN_TOPIC,
}


class _Delivery:
    """Counts what became of the records of one append."""

    def __init__(self) -> None:
        self.waiting = 0
        self.failure: KafkaError | None = None
        self.rejection: RecordRejectedError | None = None

    def report(self, error: KafkaError | None, message: Message) -> None:
        """librdkafka's delivery report; it comes from `poll` and `flush`."""
        self.waiting -= 1
        if error is not None:
            key = message.key()
            text = None if key is None else key.decode("utf-8", "backslashreplace")
            self.fail(error, NewRecord(message.topic() or "", text, None))

    def fail(self, error: KafkaError, record: NewRecord) -> None:
        """Keeps the first error of each sort."""
        if error.code() in _REJECTED:
            self.rejection = self.rejection or rejected(record, f"Kafka refuses it: {error.str()} [{error.name()}]")
        else:
            self.failure = self.failure or error

    @property
    def failed(self) -> bool:
        """Whether any record is known to be lost or refused."""
        return self.failure is not None or self.rejection is not None


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
        delivery = _Delivery()
        with self._connection.errors_explained("appending"):
            producer = self._client()
        for record in records:
            self._produce(producer, record, delivery)
            if delivery.failed:
                break
        deadline = time.monotonic() + self._timeout_s + _GRACE_S
        while delivery.waiting and time.monotonic() < deadline:
            producer.flush(_FLUSH_SLICE_S)
        if delivery.failure is not None or delivery.waiting:
            # It may be unusable after a fatal error, and what it still holds must not overtake the next try.
            self._producer = None
            producer.purge()
        if delivery.rejection is not None:
            raise delivery.rejection
        if delivery.failure is not None or delivery.waiting:
            reason = delivery.failure or f"{delivery.waiting} records without an answer"
            raise self._connection.unavailable("appending", reason)

    def _produce(self, producer: Producer, record: NewRecord, delivery: _Delivery) -> None:
        key = None if record.key is None else record.key.encode()
        headers: list[tuple[str, str | bytes | None]] = list(record.headers)
        while not delivery.failed:
            try:
                producer.produce(record.topic, record.value, key, on_delivery=delivery.report, headers=headers)
            except BufferError:
                producer.poll(_FLUSH_SLICE_S)  # until an answer makes room
            except KafkaException as error:
                delivery.fail(reason_of(error), record)
            else:
                delivery.waiting += 1
                return

    def _client(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(self._connection.settings(self._own_settings()))
        return self._producer

    def _own_settings(self) -> dict[str, object]:
        return {
            "enable.idempotence": True,  # implies acks=all, and keeps the order over retries
            "message.timeout.ms": int(self._timeout_s * 1000),
            "message.max.bytes": _LARGEST_REQUEST_BYTES,
            "queue.buffering.max.messages": _BUFFERED_RECORDS,
            "queue.buffering.max.kbytes": _BUFFERED_KIB,
            # As Java and Faust choose it, so that a key is in the same partition whoever writes it.
            "partitioner": "murmur2_random",
            # Faust reads zstd, lz4 and snappy only with extra packages, and gzip costs two thirds of the rate.
            "compression.type": "none",
        }
