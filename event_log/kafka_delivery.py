"""Hands records to a Kafka producer, and knows of every one whether it was acknowledged."""

import time
from collections.abc import Iterable

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from event_log.admission import rejected
from event_log.errors import RecordRejectedError
from event_log.interface import NewRecord
from event_log.kafka_client import reason_of
from event_log.kafka_cluster import Place
from event_log.kafka_sizes import LARGEST_BATCH_BYTES

PRODUCING = {
    "enable.idempotence": True,  # implies acks=all, and keeps the order over retries
    "linger.ms": 0,  # nobody appends more while a batch waits for its acknowledgement
    "message.max.bytes": LARGEST_BATCH_BYTES,  # of a batch of several, `batch.size` (1 MB) is the end
    "queue.buffering.max.messages": 20_000,
    "queue.buffering.max.kbytes": 32 * 1024,
    # As Java and Faust choose it, so that a key is in the same partition whoever writes it.
    "partitioner": "murmur2_random",
    # Faust reads zstd, lz4 and snappy only with extra packages, and gzip costs two thirds of the rate.
    "compression.type": "none",
}
"""The settings that every producer has."""

_SLICE_S = 0.5  # between two slices the interpreter sees signals
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


class Delivery:
    """What became of the records of one batch."""

    def __init__(self) -> None:
        self.waiting = 0
        self.failure: KafkaError | None = None
        self.rejection: RecordRejectedError | None = None
        self.ends: dict[Place, int] = {}
        """The offset behind the last acknowledged record of each partition."""

    @property
    def failed(self) -> bool:
        """Whether any record is known to be lost or refused."""
        return self.failure is not None or self.rejection is not None

    @property
    def complete(self) -> bool:
        """Whether every record was acknowledged."""
        return not self.failed and self.waiting == 0

    @property
    def reason(self) -> KafkaError | str:
        """Why it is not complete."""
        return self.failure or f"{self.waiting} records without an answer"

    def report(self, error: KafkaError | None, message: Message) -> None:
        """librdkafka's delivery report; it comes from `poll` and `flush`."""
        self.waiting -= 1
        if error is not None:
            key = message.key()
            text = None if key is None else key.decode("utf-8", "backslashreplace")
            self.fail(error, NewRecord(message.topic() or "", text, None))
            return
        place, offset = (message.topic() or "", message.partition() or 0), message.offset() or 0
        self.ends[place] = max(self.ends.get(place, 0), offset + 1)

    def fail(self, error: KafkaError, record: NewRecord) -> None:
        """Keeps the first error of each sort."""
        if error.code() in _REJECTED:
            self.rejection = self.rejection or rejected(record, f"Kafka refuses it: {error.str()} [{error.name()}]")
        else:
            self.failure = self.failure or error


def deliver(producer: Producer, records: Iterable[NewRecord], timeout_s: float) -> Delivery:
    """Returns when there is an answer for each of them, or at the first that fails, or `timeout_s` (the producer's
    own delivery timeout) and five seconds later. Raises nothing."""
    delivery = Delivery()
    for record in records:
        _produce(producer, record, delivery)
        if delivery.failed:
            break
    deadline = time.monotonic() + timeout_s + _GRACE_S
    while delivery.waiting and time.monotonic() < deadline:
        _serve(producer, delivery)
    return delivery


def _serve(producer: Producer, delivery: Delivery) -> None:
    """Takes what reports there are, and waits for one if there is none.

    Not `flush`: confluent-kafka raises a fatal error (as of a producer that was fenced) in its midst, goes on with
    the reports, and Python fails with SystemError in them.
    """
    try:
        producer.poll(_SLICE_S)
    except KafkaException as error:
        delivery.failure = delivery.failure or reason_of(error)


def _produce(producer: Producer, record: NewRecord, delivery: Delivery) -> None:
    key = None if record.key is None else record.key.encode()
    headers: list[tuple[str, str | bytes | None]] = list(record.headers)
    while not delivery.failed:
        try:
            producer.produce(record.topic, record.value, key, on_delivery=delivery.report, headers=headers)
        except BufferError:
            _serve(producer, delivery)  # until an answer makes room
        except KafkaException as error:
            delivery.fail(reason_of(error), record)
        else:
            delivery.waiting += 1
            return
