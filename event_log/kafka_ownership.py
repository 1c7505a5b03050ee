"""Who holds a piece of work on Kafka.

The members of a consumer group claim it; the one that has the control topic's only partition takes over: its producer
fences the former holder's, which from then on appends nothing that can be read. The group decides who is to hold it,
the fence keeps two from writing, whatever either of them believes.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from threading import Event, Thread

from event_log.errors import LogUnavailableError, OwnershipLostError
from event_log.interface import NewRecord
from event_log.kafka_client import REQUEST_TIMEOUT_S, KafkaConnection, logs
from event_log.kafka_cluster import KafkaCluster
from event_log.kafka_membership import SESSION_TIMEOUT_S, GroupMembership
from event_log.kafka_transactions import FencedProducer
from schemas import CONTROL

_POLL_S = 0.2
_TAKEOVER_SLICE_S = 1.0
_RETRY_PAUSE_S = 1.0


class KafkaOwnership:
    """See `Ownership`. `name` is that of the group and of the transactional id, behind `topicreel-`; `admit` raises
    what `EventLog.append` does for records that can never be taken."""

    def __init__(
        self,
        connection: KafkaConnection,
        cluster: KafkaCluster,
        name: str,
        delivery_timeout_s: float,
        admit: Callable[[Sequence[NewRecord]], None],
    ) -> None:
        self._connection = connection
        self._cluster = cluster
        self._name = name
        self._delivery_timeout_s = delivery_timeout_s
        self._admit = admit
        self._producer: FencedProducer | None = None
        self._polled_s = time.monotonic()
        self._closing = Event()
        self._thread = Thread(target=self._claim, name=f"ownership of {name}", daemon=True)
        self._thread.start()

    def is_held(self) -> bool:
        """See `Ownership`."""
        return self._holder() is not None

    def append(self, records: Sequence[NewRecord]) -> None:
        """See `Ownership`. Appends all of them or none."""
        producer = self._holder()
        if producer is None:
            raise OwnershipLostError(f"{self._name} is not held here: nothing was appended")
        self._admit(records)
        if records:
            producer.append(records)

    def close(self) -> None:
        """See `Ownership`. Waits up to ten seconds for Kafka."""
        self._closing.set()
        self._thread.join(REQUEST_TIMEOUT_S)

    def _holder(self) -> FencedProducer | None:
        producer = self._producer
        if producer is None or not producer.usable or self._overdue() or self._closing.is_set():
            return None
        return producer

    def _overdue(self) -> bool:
        """Whether this process was suspended for so long that the group may have given the work to another."""
        return time.monotonic() - self._polled_s >= SESSION_TIMEOUT_S

    def _claim(self) -> None:
        while not self._closing.is_set():
            try:
                self._cluster.create_topics((CONTROL,))
                self._polled_s = time.monotonic()
                with closing(GroupMembership(self._connection, self._group, self._let_go)) as membership:
                    self._take_part(membership)
            except LogUnavailableError as error:
                logs.warning("ownership_not_claimed", name=self._name, reason=error)
                self._closing.wait(_RETRY_PAUSE_S)
            finally:
                self._let_go()

    @property
    def _group(self) -> str:
        return f"topicreel-{self._name}"

    def _take_part(self, membership: GroupMembership) -> None:
        """Until it closes, or must join anew: whoever was suspended or fenced cannot know whose turn it is."""
        beginning: FencedProducer | None = None
        while not self._closing.is_set():
            membership.poll(_POLL_S)
            if self._overdue() or (self._producer is not None and not self._producer.usable):
                return
            self._polled_s = time.monotonic()
            if not membership.assigned:
                beginning = None
            elif self._producer is None:
                beginning = beginning or self._new_producer()
                if beginning.begin(_TAKEOVER_SLICE_S):
                    self._producer, beginning = beginning, None
                    logs.info("ownership_acquired", name=self._name)

    def _new_producer(self) -> FencedProducer:
        return FencedProducer(self._connection, self._cluster, self._group, self._delivery_timeout_s)

    def _let_go(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None and not self._closing.is_set():
            logs.warning("ownership_lost", name=self._name)
