from collections.abc import Sequence
from datetime import timedelta

import pytest

from event_log import EventLog, NewRecord, RecordRejectedError
from producer.telling import pause
from schemas import POLL_STATE, ProducerStatus
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START
from tests.producer.scripted import KEYS, World
from tests.producer.test_service import HOUR, MINUTE, a_world, events, videos_at


def statuses(world: World) -> list[ProducerStatus]:
    records = [record for record in world.read(POLL_STATE.name) if (record.key or "").startswith("status/")]
    return [ProducerStatus.model_validate_json(record.value or b"") for record in records]


class NoStatusTaken(FailingLog):
    """Rejects every status before a time, as one that is too large, and counts the attempts."""

    def __init__(self, world: World, inner: EventLog, until) -> None:
        super().__init__(inner, lambda *_: False)
        self._world = world
        self._until = until
        self.attempts = 0

    def append(self, records: Sequence[NewRecord]) -> None:
        if (records[0].key or "").startswith("status/") and self._world.clock.now() < self._until:
            self.attempts += 1
            raise RecordRejectedError("it is too large")
        super().append(records)


def test_a_status_that_the_log_does_not_take_keeps_no_video_waiting_and_is_said_once(tmp_path, caplog):
    told, untold = a_world(tmp_path / "told", *videos_at(5, 65)), a_world(tmp_path / "untold", *videos_at(5, 65))
    logs: list[NoStatusTaken] = []

    def wrap(log: EventLog) -> EventLog:
        logs.append(NoStatusTaken(untold, log, START + 3 * HOUR))
        return logs[-1]

    untold.wrap = wrap
    told.run(START + 2 * HOUR)
    caplog.clear()
    untold.run(START + 2 * HOUR)

    assert not statuses(untold)
    assert untold.published() == told.published()
    assert abs(untold.counted(KEYS[0]) - told.counted(KEYS[0])) <= 1
    assert len(events(caplog, "status_not_told")) == 1
    assert len(events(caplog, "log_away")) == 1
    assert logs[0].attempts <= 2 + 60 * 2


def test_the_status_is_told_again_once_the_log_takes_it(tmp_path):
    world = a_world(tmp_path, *videos_at(5))
    world.wrap = lambda log: NoStatusTaken(world, log, START + 1.5 * HOUR)

    world.run(START + 1.5 * HOUR + MINUTE)

    assert statuses(world)[0].at <= START + 1.5 * HOUR + timedelta(seconds=40)


@pytest.mark.parametrize(("subjects", "seconds"), [(0, 5), (500, 5), (2_000, 20), (3_000, 30), (20_000, 30)])
def test_what_is_told_of_many_subjects_is_told_more_rarely_but_never_too_rarely_to_be_known_to_live(
    subjects, seconds
):
    assert pause(subjects) == timedelta(seconds=seconds)
