"""What the group consumer and the reader of Kafka share: fetching records, and the errors that come in between."""

import time
from collections.abc import Callable, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message

from event_log.interface import Record
from event_log.kafka_client import KafkaConnection, logs, reason_of

_SLICE_S = 0.5  # between two slices the interpreter sees signals

_FETCHING = {
    # Bounds the memory of a reader that is ahead of its caller; librdkafka's own bound is 64 MiB.
    "queued.max.messages.kbytes": 16 * 1024,
    "queued.min.messages": 10_000,
    "fetch.queue.backoff.ms": 10,  # how long it rests when that is full: a second, unless told otherwise
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "earliest",
    "topic.metadata.refresh.interval.ms": 5_000,  # how soon a topic that is made later is found
}

# Not an error of ours: the end of a partition, a topic that does not exist yet, a group that was left and is joined
# again because the caller took its time.
_PASSING = {KafkaError._PARTITION_EOF, KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._MAX_POLL_EXCEEDED}
# What librdkafka says in between while it keeps trying; other errors of this kind concern one broker of several.
_TROUBLES = {KafkaError._ALL_BROKERS_DOWN, KafkaError._AUTHENTICATION, KafkaError._RESOLVE, KafkaError._SSL}


class Fetcher:
    """A confluent-kafka consumer that hands out records, and raises only where none would be lost by it."""

    def __init__(self, connection: KafkaConnection, own: dict[str, object]) -> None:
        self._connection = connection
        self._trouble: KafkaError | None = None
        with connection.errors_explained("reading"):
            self.client = Consumer(connection.settings(_FETCHING | own | {"error_cb": self._notice}))

    def fetch(self, max_records: int, timeout_s: float, enough: Callable[[], bool] = lambda: False) -> list[Record]:
        """Up to `max_records` next records; waits up to `timeout_s` for the first, or until `enough()`.

        Raises LogUnavailableError when none came and Kafka was in trouble meanwhile.
        """
        deadline = time.monotonic() + timeout_s
        self._trouble = None
        while True:
            records = self._take(max_records, deadline - time.monotonic())
            if records or enough():
                return records
            if time.monotonic() >= deadline:
                if self._trouble is not None:
                    raise self._connection.unavailable("reading", self._trouble)
                return records

    def close(self) -> None:
        """Leaves the group, if any, and frees the client."""
        self.client.close()

    def _take(self, max_records: int, timeout_s: float) -> list[Record]:
        # `consume` waits until it has as many as it may return: so one first, then what is there already.
        messages = self.client.consume(1, max(0.0, min(timeout_s, _SLICE_S)))
        if messages and max_records > 1:
            try:
                messages += self.client.consume(max_records - 1, 0)
            except KafkaException as error:  # must not take the first record with it
                self._trouble = reason_of(error)
        return [_record(message) for message in messages if not self._is_error(message)]

    def _is_error(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return False
        if error.code() not in _PASSING:
            self._trouble = error
        elif error.code() == KafkaError._MAX_POLL_EXCEEDED:
            logs.warning("kafka_group_left", reason=error.str())
        return True

    def _notice(self, error: KafkaError) -> None:
        self._connection.refusals.notice(error)
        if error.code() in _TROUBLES or error.fatal():
            self._trouble = error


def _record(message: Message) -> Record:
    """Whatever another program wrote, this raises nothing: it would block the partition for ever."""
    key = message.key()
    headers: Sequence[tuple[str, str | bytes | None]] = message.headers() or []  # type: ignore[assignment]
    return Record(
        topic=message.topic() or "",
        partition=_number(message.partition()),
        offset=_number(message.offset()),
        key=None if key is None else key.decode("utf-8", "backslashreplace"),
        value=message.value(),
        headers=tuple((name, value.encode() if isinstance(value, str) else value or b"") for name, value in headers),
        timestamp_ms=message.timestamp()[1],
    )


def _number(value: int | None) -> int:
    return -1 if value is None else value
