"""What a claim to work promises that only one process may do at a time."""

import uuid
from collections.abc import Iterator

import pytest

from event_log import EventLog, NewRecord, Ownership, OwnershipLostError, RecordRejectedError
from stack.process import wait_until
from tests.event_log.contract.steps import PATIENCE_S, content, drain, new_group, numbered, values

AT_ONCE_S = 5.0


def holder_of(claims: list[Ownership]) -> Ownership:
    """The one that holds it, once one does."""
    assert wait_until(lambda: any(claim.is_held() for claim in claims), PATIENCE_S)
    (holder,) = [claim for claim in claims if claim.is_held()]
    return holder


class OwnershipContract:
    @pytest.fixture
    def claims(self, open_log) -> Iterator[list[Ownership]]:
        """Two claims to the same name, of two clients."""
        name = f"test-{uuid.uuid4()}"
        claims = [open_log().own(name) for _ in range(2)]
        yield claims
        for claim in claims:
            claim.close()

    @pytest.fixture
    def own(self, log: EventLog) -> Iterator[Ownership]:
        """A claim that is held."""
        own = log.own(f"test-{uuid.uuid4()}")
        assert wait_until(own.is_held, PATIENCE_S)
        yield own
        own.close()

    def test_of_two_that_claim_a_name_one_holds_it_and_goes_on_holding_it(self, claims):
        holder = holder_of(claims)
        assert not wait_until(lambda: [claim for claim in claims if claim.is_held()] != [holder], 3.0)

    def test_names_do_not_stand_in_each_others_way(self, log, own):
        other = log.own(f"test/of any:{uuid.uuid4()} ключ")
        assert wait_until(other.is_held, PATIENCE_S)
        assert own.is_held()
        other.close()

    def test_closing_hands_over_at_once(self, claims):
        holder = holder_of(claims)
        (other,) = [claim for claim in claims if claim is not holder]
        holder.close()
        assert not holder.is_held()
        assert wait_until(other.is_held, AT_ONCE_S)

    def test_closing_twice_is_as_good(self, own):
        own.close()
        own.close()

    def test_what_the_holder_appended_is_there_for_everybody(self, own, log, topic, compacted):
        batch = [*numbered(topic, range(100)), NewRecord(compacted.name, "a", b"1", (("name", b"value"),))]
        for _ in range(3):
            own.append(batch)
        consumer, reader = log.consumer(new_group(), [topic.name]), log.reader([topic.name, compacted.name])
        assert sorted(content(reader.read_to_end())) == sorted(content(batch * 3))
        assert len(drain(consumer, 300)) == 300
        consumer.close()
        reader.close()

    def test_each_append_can_be_read_as_soon_as_it_returned(self, own, topic, reader):
        for number in range(20):
            own.append(numbered(topic, range(number, number + 1)))
            assert values(reader.read_to_end()) == [b"%d" % number]
        assert reader.read_to_end() == []

    def test_an_empty_batch_appends_nothing(self, own, reader):
        own.append([])
        assert reader.read_to_end() == []

    def test_others_may_append_in_between(self, own, log, topic, reader):
        for number in range(0, 10, 2):
            own.append(numbered(topic, range(number, number + 1)))
            log.append(numbered(topic, range(number + 1, number + 2)))
        assert values(reader.read_to_end()) == [b"%d" % number for number in range(10)]

    def test_who_does_not_hold_it_appends_nothing(self, claims, topic, reader):
        holder = holder_of(claims)
        (other,) = [claim for claim in claims if claim is not holder]
        with pytest.raises(OwnershipLostError):
            other.append(numbered(topic, range(3)))
        assert reader.read_to_end() == []

    def test_who_held_it_appends_nothing_any_more(self, claims, topic, reader):
        former = holder_of(claims)
        former.append(numbered(topic, range(1)))
        former.close()
        holder = holder_of(claims)
        with pytest.raises(OwnershipLostError):
            former.append(numbered(topic, range(1, 2)))
        holder.append(numbered(topic, range(2, 3)))
        assert values(reader.read_to_end()) == [b"0", b"2"]

    @pytest.mark.parametrize(
        "refused",
        [
            pytest.param(NewRecord("test-no-such-topic", "key", b"value"), id="an unknown topic"),
            pytest.param(NewRecord("", "key", b"x" * 1_100_000), id="too large"),
        ],
    )
    def test_a_refused_record_refuses_its_batch_and_nothing_else(self, own, topic, reader, refused):
        refused = NewRecord(refused.topic or topic.name, refused.key, refused.value)
        with pytest.raises(RecordRejectedError):
            own.append([*numbered(topic, range(3)), refused])
        own.append(numbered(topic, range(3, 4)))
        assert values(reader.read_to_end()) == [b"3"]
        assert own.is_held()
