"""Recognises that Kafka does not let this process in.

A request then only times out: the reason is told in between, and again with every attempt to connect, through
librdkafka's `error_cb`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from confluent_kafka import KafkaError

CURRENT_S = 10.0
"""How long a reason counts. Attempts to connect follow each other within a second or two."""

_ACCESS_RIGHTS = {
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Kafka said and what to do. One that is not `certain` may also be a broker that is just starting."""

    reason: str
    advice: str
    certain: bool = True


def refusal(error: KafkaError) -> Refusal | None:
    """What the error says about being let in, if that is what it is about."""
    code, text = error.code(), error.str()
    if code in _ACCESS_RIGHTS:
        return Refusal(text, "give KAFKA_USERNAME the access rights that docs/managed-engines.md lists")
    if code == KafkaError._AUTHENTICATION:
        if "mechanism handshake failed" in text:
            return Refusal(
                text, "check that KAFKA_SECURITY_PROTOCOL and KAFKA_SASL_MECHANISM are what the port takes"
            )
        return Refusal(text, "check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM")
    if "certificate verify failed" in text:
        return Refusal(
            text,
            "set KAFKA_CA_FILE to the authority that signed the broker's certificate, and KAFKA_BOOTSTRAP_SERVERS to "
            "names that the certificate holds",
        )
    if "PLAINTEXT broker listener" in text:
        return Refusal(text, "check that the port speaks TLS, as KAFKA_SECURITY_PROTOCOL says", certain=False)
    return None


class Refusals:
    """The last refusal that a client was told of, as long as it is current."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._last: tuple[float, Refusal] | None = None

    def notice(self, error: KafkaError) -> None:
        """Takes what `error_cb` is given."""
        told = refusal(error)
        # The same failure is told a second time without its explanation, which another code has.
        if told is not None:
            self._last = (self._monotonic_s(), told)

    @property
    def current(self) -> Refusal | None:
        """The refusal of the last seconds."""
        last = self._last
        return last[1] if last is not None and self._monotonic_s() - last[0] < CURRENT_S else None
