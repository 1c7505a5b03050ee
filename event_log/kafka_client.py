"""What every Kafka client of the log shares: its settings, its log lines, and what its errors mean."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from event_log.errors import LogAccessError, LogUnavailableError
from event_log.kafka_refusals import Refusals, refusal
from observability import event_logger

REQUEST_TIMEOUT_S = 10.0
"""How long a question to the cluster (its topics, its offsets) may take."""

_QUIET_S = 30.0

_ABSENT = (
    "check that it runs, that KAFKA_BOOTSTRAP_SERVERS names it, "
    "and that the port speaks what KAFKA_SECURITY_PROTOCOL says"
)
_ADVICE = {
    KafkaError._ALL_BROKERS_DOWN: _ABSENT,
    KafkaError._MSG_TIMED_OUT: _ABSENT,
    KafkaError._RESOLVE: _ABSENT,
    KafkaError._TIMED_OUT: _ABSENT,
    KafkaError._TRANSPORT: _ABSENT,
    KafkaError._WAIT_COORD: _ABSENT,
    KafkaError._SSL: "check KAFKA_SECURITY_PROTOCOL and KAFKA_CA_FILE",
    KafkaError.INVALID_REPLICATION_FACTOR: "check KAFKA_REPLICATION_FACTOR",
    KafkaError.POLICY_VIOLATION: "check KAFKA_REPLICATION_FACTOR and KAFKA_MIN_INSYNC_REPLICAS",
    KafkaError._INVALID_ARG: "check the Kafka settings",
}

logs = event_logger("event_log")


class ClientLines:
    """Passes librdkafka's lines on; takes the place of a `logging.Logger`, of which it calls only `log`.

    While a broker is away the library repeats itself up to twenty times a second: of each kind of line one is
    passed on in 30 seconds, with the number of those left out.
    """

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._written: dict[str, tuple[float, int]] = {}

    def log(self, level: int, _format: str, kind: str, _client: str, text: str) -> None:
        """Takes a line of librdkafka: its level as `logging` counts them, kind (as `FAIL`), client and text."""
        if level < logging.WARNING:
            logs.debug("kafka_client", kind=kind, text=text)
            return
        now = self._monotonic_s()
        with self._lock:
            last, left_out = self._written.get(kind, (-_QUIET_S, 0))
            due = now - last >= _QUIET_S
            self._written[kind] = (now, 0) if due else (last, left_out + 1)
        if due:
            logs.warning("kafka_client", kind=kind, left_out=left_out, text=text)


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """Which cluster, and how to reach it. `security` are librdkafka's settings for being let in."""

    bootstrap_servers: str
    security: Mapping[str, str] = field(repr=False)
    lines: ClientLines = field(default_factory=ClientLines, repr=False)
    refusals: Refusals = field(default_factory=Refusals, repr=False)

    def settings(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a client with `own` ones."""
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "client.id": "topicreel",
            "reconnect.backoff.max.ms": 1000,  # a broker that was away for hours is found within a second
            "error_cb": self.refusals.notice,
            **own,
            **self.security,
            "logger": self.lines,
        }

    def unavailable(self, doing: str, error: KafkaError | str) -> LogUnavailableError:
        """The error that says what failed, why, and what to do; a LogAccessError where Kafka lets nobody in."""
        code = error.code() if isinstance(error, KafkaError) else None
        told = refusal(error) if isinstance(error, KafkaError) else None
        if told is None and code in _ADVICE:
            told = self.refusals.current
        if told is not None:
            kind = LogAccessError if told.certain else LogUnavailableError
            return kind(f"Kafka at {self.bootstrap_servers}, {doing}: {told.reason}: {told.advice}")
        reason = f"{error.str()} [{error.name()}]" if isinstance(error, KafkaError) else error
        advice = f": {_ADVICE[code]}" if code in _ADVICE else ""
        return LogUnavailableError(f"Kafka at {self.bootstrap_servers}, {doing}: {reason}{advice}")

    @contextmanager
    def errors_explained(self, doing: str) -> Iterator[None]:
        """Turns what a client raises inside into LogUnavailableError."""
        try:
            yield
        except KafkaException as error:
            raise self.unavailable(doing, reason_of(error)) from error
        except RuntimeError as error:  # what a client raises once it is closed
            raise self.unavailable(doing, str(error)) from error


def reason_of(error: KafkaException) -> KafkaError:
    """The error that a KafkaException carries."""
    reason = error.args[0]
    return reason if isinstance(reason, KafkaError) else KafkaError(KafkaError._FAIL, str(reason))
