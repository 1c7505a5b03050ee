"""Appends to Kafka in transactions that the next producer with the same transactional id puts an end to."""

import time
from collections.abc import Mapping, Sequence
from threading import Lock

from confluent_kafka import KafkaError, KafkaException, Producer

from event_log.errors import LogError, LogUnavailableError, OwnershipLostError
from event_log.interface import NewRecord
from event_log.kafka_client import KafkaConnection, reason_of
from event_log.kafka_cluster import KafkaCluster, Place
from event_log.kafka_delivery import PRODUCING, Delivery, deliver

_FENCED = {KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH}
_LOOK_PAUSE_S = 0.002
_LOOK_AT_MOST_S = 5.0


class FencedProducer:
    """A transactional producer: each `append` is a transaction.

    `begin` fences those that began before; nothing they append afterwards, or have not finished, can be read
    (https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging).
    """

    def __init__(
        self, connection: KafkaConnection, cluster: KafkaCluster, transactional_id: str, delivery_timeout_s: float
    ) -> None:
        self._connection = connection
        self._cluster = cluster
        self._timeout_s = delivery_timeout_s
        self._lock = Lock()
        timeout_ms = int(delivery_timeout_s * 1000)
        own = PRODUCING | {
            # What an owner writes is not read by Faust, and a status of many subjects shrinks to a tenth.
            "compression.type": "lz4",
            "transactional.id": transactional_id,
            # A holder that died within a transaction keeps readers from going on this long, if nobody follows it.
            "transaction.timeout.ms": timeout_ms,
            "message.timeout.ms": timeout_ms,
        }
        with connection.errors_explained("taking over"):
            self._producer = Producer(connection.settings(own))
        self.usable = True
        """Whether it can append again: false after an error whose outcome is not known, and once it is fenced."""

    def begin(self, timeout_s: float) -> bool:
        """Takes over from those before; false when Kafka has not answered yet: call it again.

        Raises LogUnavailableError.
        """
        with self._connection.errors_explained("taking over"):
            try:
                self._producer.init_transactions(timeout_s)
            except KafkaException as error:
                if reason_of(error).retriable():
                    return False
                raise
        return True

    def append(self, records: Sequence[NewRecord]) -> None:
        """Appends all of them or none, and returns when they can be read.

        Raises OwnershipLostError when another has begun since, and RecordRejectedError when Kafka refuses a record:
        then none can be read. Raises LogUnavailableError when it is not known whether they were appended.
        """
        if not self._lock.acquire(timeout=self._timeout_s):
            raise self._connection.unavailable("appending", "other threads' records have not been acknowledged yet")
        try:
            self._transact(records)
        finally:
            self._lock.release()

    def _transact(self, records: Sequence[NewRecord]) -> None:
        try:
            self._producer.begin_transaction()
        except KafkaException as error:
            raise self._given_up(reason_of(error)) from error
        delivery = deliver(self._producer, records, self._timeout_s)
        if not delivery.complete:
            raise self._aborted(delivery)
        try:
            self._producer.commit_transaction(self._timeout_s)
        except KafkaException as error:
            raise self._not_committed(reason_of(error)) from error
        self._wait_until_readable(delivery.ends)

    def _aborted(self, delivery: Delivery) -> LogError:
        try:
            self._producer.abort_transaction(self._timeout_s)
        except KafkaException as error:
            return self._given_up(reason_of(error))
        return delivery.rejection or self._connection.unavailable("appending", delivery.reason)

    def _not_committed(self, reason: KafkaError) -> LogError:
        if reason.txn_requires_abort():
            delivery = Delivery()
            delivery.failure = reason
            return self._aborted(delivery)
        # Even if it is fenced now: the first of several requests to commit may have arrived before that.
        self.usable = False
        return self._connection.unavailable("appending", reason)

    def _given_up(self, reason: KafkaError) -> LogError:
        """Nothing was committed, and this producer will never commit anything again."""
        self.usable = False
        if reason.code() in _FENCED:
            return OwnershipLostError(f"another process has taken over, nothing was appended (Kafka: {reason.str()})")
        return self._connection.unavailable("appending", reason)

    def _wait_until_readable(self, ends: Mapping[Place, int]) -> None:
        """Kafka acknowledges a transaction before readers see it, in some milliseconds; another's transaction that
        is open can keep them from it for longer, which is no reason to say that it failed."""
        deadline = time.monotonic() + _LOOK_AT_MOST_S
        while not self._readable(ends) and time.monotonic() < deadline:
            time.sleep(_LOOK_PAUSE_S)

    def _readable(self, ends: Mapping[Place, int]) -> bool:
        try:
            readable = self._cluster.ends(ends)
        except LogUnavailableError:  # not known; but it was committed
            return False
        return all(readable[place] >= end for place, end in ends.items())
