from collections.abc import Iterator, Sequence

import pytest

from event_log import LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from producer.errors import StoppedError
from producer.outage import Outage
from producer.publisher import Publisher
from schemas import ALL_TOPICS, RAW
from tests.producer.crashes import FailingLog
from tests.producer.scripted import HandClock, read_all

LARGE = b"x" * 1_100_000


def a_record(key: str | None, value: bytes = b"{}") -> NewRecord:
    return NewRecord(RAW.name, key, value)


@pytest.fixture
def log(tmp_path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        yield log


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def publish(log, clock: HandClock, *records: NewRecord) -> None:
    Publisher(log, clock, Outage("log", lambda: 1.0)).publish(records)


def keys(log: EmbeddedLog) -> list[str | None]:
    return [record.key for record in read_all(log, RAW.name)]


def test_records_are_durable_when_it_returns_in_their_order(log, clock):
    log.create_topics(ALL_TOPICS)

    publish(log, clock, a_record("b"), a_record(None), a_record("a"))

    assert keys(log) == ["b", None, "a"]


def test_an_empty_page_is_published_too(log, clock):
    publish(log, clock)

    assert keys(log) == []


def test_a_record_the_log_will_never_take_is_named_and_the_others_are_published(log, clock, caplog):
    log.create_topics(ALL_TOPICS)

    publish(log, clock, a_record("a"), a_record("large", LARGE), a_record("b"))

    assert keys(log) == ["a", "b"]
    [line] = [record for record in caplog.records if record.getMessage() == "result_rejected"]
    assert (line.fields["video"], line.fields["bytes"]) == ("large", len(LARGE))


def test_a_topic_that_is_gone_is_made_again(log, clock, caplog):
    publish(log, clock, a_record("a"), a_record("b"))

    assert keys(log) == ["a", "b"]
    assert not caplog.records


def test_while_the_log_is_away_the_same_records_are_offered_again_with_growing_pauses(log, clock):
    log.create_topics(ALL_TOPICS)
    begun = clock.now()
    away = FailingLog(log, lambda *_: (clock.now() - begun).total_seconds() < 20)

    publish(away, clock, a_record("a"))

    assert keys(log) == ["a"]
    assert clock.waits == [1, 2, 4, 5, 5, 5]


def test_a_log_that_goes_away_between_single_records_is_waited_for_too(log, clock):
    log.create_topics(ALL_TOPICS)
    failures = iter([True, True])

    def away(call: str, records: Sequence[NewRecord]) -> bool:
        return call == "append" and len(records) == 1 and next(failures, False)

    publish(FailingLog(log, away), clock, a_record("a"), a_record("large", LARGE), a_record("b"))

    assert keys(log) == ["a", "b"]


def test_a_stop_ends_the_waiting_and_nothing_counts_as_published(log, clock):
    clock.asked_to_stop = True

    with pytest.raises(StoppedError):
        publish(FailingLog(log, lambda *_: True), clock, a_record("a"))


def test_a_topic_that_cannot_be_made_is_an_outage(log, clock):
    with pytest.raises(LogUnavailableError):
        publish(FailingLog(log, lambda call, _: call == "create_topics"), clock, a_record("a"))
