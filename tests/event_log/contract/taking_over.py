"""What becomes of a claim when the process of its holder dies or is suspended."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from event_log import EventLog
from schemas import Topic
from stack.process import wait_until
from tests.event_log.claimant import Claimant
from tests.event_log.contract.steps import PATIENCE_S, values

TAKEOVER_S = 15.0

StartClaimant = Callable[[str], Claimant]
"""Starts a process that claims that name on the log under test."""


class TakeoverContract:
    """A test module gives the fixture `start_claimant`, too."""

    @pytest.fixture
    def claimants(self, start_claimant: StartClaimant) -> Iterator[tuple[Claimant, Claimant]]:
        """The holder, and another that waits."""
        name = f"test-{uuid.uuid4()}"
        started: list[Claimant] = []
        try:
            started.append(start_claimant(name))
            assert wait_until(started[0].is_held, PATIENCE_S)
            started.append(start_claimant(name))
            assert not started[1].is_held()
            yield started[0], started[1]
        finally:
            for claimant in started:
                claimant.end()

    def test_another_takes_over_when_the_holder_is_killed(self, claimants, log, topic):
        holder, other = claimants
        assert holder.append(topic.name, "1") == "appended"
        holder.kill()
        assert wait_until(other.is_held, TAKEOVER_S)
        assert other.append(topic.name, "2") == "appended"
        assert read(log, topic) == [b"1", b"2"]

    def test_another_takes_over_when_the_holder_is_suspended_which_then_appends_nothing(self, claimants, log, topic):
        holder, other = claimants
        assert holder.append(topic.name, "1") == "appended"
        holder.suspend()
        assert wait_until(other.is_held, TAKEOVER_S)
        assert other.append(topic.name, "2") == "appended"
        holder.resume()
        assert holder.append(topic.name, "3") == "OwnershipLostError"
        assert not holder.is_held()
        assert other.append(topic.name, "4") == "appended"
        assert read(log, topic) == [b"1", b"2", b"4"]

    def test_who_lost_it_gets_it_again_when_the_next_holder_dies(self, claimants, log, topic):
        first, second = claimants
        first.suspend()
        assert wait_until(second.is_held, TAKEOVER_S)
        first.resume()
        assert wait_until(lambda: not first.is_held(), TAKEOVER_S)
        second.kill()
        assert wait_until(first.is_held, TAKEOVER_S)
        assert first.append(topic.name, "1") == "appended"


def read(log: EventLog, topic: Topic) -> list[bytes | None]:
    reader = log.reader([topic.name])
    try:
        return values(reader.read_to_end())
    finally:
        reader.close()
