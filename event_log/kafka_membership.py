"""Membership of the consumer group that decides who holds a piece of work."""

from collections.abc import Callable

from confluent_kafka import OFFSET_END, Consumer, TopicPartition

from event_log.kafka_client import KafkaConnection, logs
from schemas import CONTROL

SESSION_TIMEOUT_S = 8.0
"""How long a member that is not heard of keeps the work. A broker takes 6 seconds to 30 minutes, unless it was told
otherwise (`group.min.session.timeout.ms`)."""

_SETTINGS = {
    "session.timeout.ms": int(SESSION_TIMEOUT_S * 1000),
    "heartbeat.interval.ms": 1_000,  # how soon the others hear that a member has left
    # The holder keeps the partition when another member joins.
    "partition.assignment.strategy": "cooperative-sticky",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
}


class GroupMembership:
    """A member of a group on the one partition of the control topic, whose records it does not read.

    `on_lost` is called, from `poll`, as soon as the partition is not this member's any more: also when the broker has
    not answered for the time of a session, after which it may be another's.
    """

    def __init__(self, connection: KafkaConnection, group: str, on_lost: Callable[[], None]) -> None:
        self._connection = connection
        self._on_lost = on_lost
        self.assigned = False
        with connection.errors_explained(f"joining group {group}"):
            self._client = Consumer(connection.settings(_SETTINGS | {"group.id": group}))
            self._client.subscribe(
                [CONTROL.name], on_assign=self._assign, on_revoke=self._revoke, on_lost=self._revoke
            )

    def poll(self, timeout_s: float) -> None:
        """Learns what has changed; call it all the time. Raises LogUnavailableError."""
        with self._connection.errors_explained("taking part in a group"):
            message = self._client.poll(timeout_s)
        error = None if message is None else message.error()
        if error is not None:
            logs.warning("kafka_group_trouble", reason=error.str())

    def close(self) -> None:
        """Leaves the group, which gives the partition to another member. Raises LogUnavailableError."""
        with self._connection.errors_explained("leaving a group"):
            self._client.close()

    def _assign(self, client: Consumer, places: list[TopicPartition]) -> None:
        places = [TopicPartition(place.topic, place.partition, OFFSET_END) for place in places]
        client.incremental_assign(places)
        client.pause(places)
        if places:
            self.assigned = True

    def _revoke(self, client: Consumer, places: list[TopicPartition]) -> None:
        if places:
            self.assigned = False
            self._on_lost()
        client.incremental_unassign(places)
