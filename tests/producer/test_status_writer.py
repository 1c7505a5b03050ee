from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from event_log import EventLog, NewRecord, RecordRejectedError
from producer.http import httpx
from producer.status_writer import pause
from schemas import POLL_STATE, ProducerStatus
from tests.producer import youtube_errors
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START, videos_at
from tests.producer.scripted import KEYS, World
from tests.producer.service.tea import HOUR, MINUTE, a_world, events, two_subjects
from tests.video_index.contract import a_video, fill


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


# --- a YouTube that is away


def unplug(world: World, start: datetime, end: datetime) -> None:
    """Between these times no call reaches YouTube."""

    def handle(request: httpx.Request) -> httpx.Response:
        if start <= world.clock.now() < end:
            raise httpx.ConnectError("unplugged", request=request)
        return world.youtube(request)

    world.handler = handle


def test_that_youtube_cannot_be_reached_is_told_from_the_first_call_on_and_until_the_first_answer(tmp_path):
    world = a_world(tmp_path, *videos_at(5), stride=1)
    began, back = world.clock.now(), START + 1.5 * HOUR
    unplug(world, began, back)

    world.run(back + 2 * MINUTE)

    told = statuses(world)
    away = [status.youtube_away for status in told if began + timedelta(seconds=2) <= status.at < back]
    assert len(away) > 60
    for each in away:
        assert each is not None
        assert (each.told, each.reason, each.since) == ("YouTube cannot be reached", "ConnectError: unplugged", began)
        assert each.stops_polling
        assert each.stops_key_checks
        assert each.tried_again_at is not None
    assert all(status.youtube_away is None for status in told if status.at > back + MINUTE)
    assert world.published() == {"video0"}


def test_a_youtube_that_goes_away_in_the_middle_is_told_within_moments_of_the_first_failure(tmp_path):
    world = a_world(tmp_path, *videos_at(5), stride=1)
    gone = START + 1.5 * HOUR
    unplug(world, gone, gone + HOUR)

    world.run(gone + 11 * MINUTE)

    told = statuses(world)
    assert all(status.youtube_away is None for status in told if status.at < gone)
    first = next(status for status in told if status.youtube_away)
    assert first.youtube_away is not None
    assert first.at - first.youtube_away.since <= timedelta(seconds=2)


def test_searches_that_are_answered_with_errors_for_long_are_told_with_when_they_are_tried_again(tmp_path):
    world = a_world(tmp_path, *videos_at(5), stride=5)
    back = START + 3 * HOUR
    world.youtube.fault = lambda _: youtube_errors.backend_error() if world.clock.now() < back else None

    world.run(back + 20 * MINUTE)

    told = statuses(world)
    away = [status.youtube_away for status in told if START + HOUR + MINUTE < status.at < back]
    assert {each and (each.told, each.stops_polling) for each in away} == {("YouTube does not answer searches", True)}
    assert all(each and each.tried_again_at for each in away)
    assert not any(subject.trouble for status in told for subject in status.subjects)
    assert told[-1].youtube_away is None


def test_one_subject_that_fails_is_in_trouble_and_youtube_is_not_away(tmp_path):
    world = two_subjects(tmp_path, stride=5)
    begins = START + 2 * HOUR

    def fault(request: httpx.Request) -> httpx.Response | None:
        bad = request.url.params["q"] == "bad" and world.clock.now() >= begins
        return youtube_errors.backend_error() if bad else None

    world.youtube.fault = fault
    world.run(START + 6 * HOUR)

    told = statuses(world)
    troubles = {subject.query for status in told for subject in status.subjects if subject.trouble}
    assert troubles == {"bad"}
    assert all(status.youtube_away is None for status in told)


def test_lookups_that_fail_are_told_while_searches_go_on(tmp_path):
    world = a_world(tmp_path, *videos_at(5), stride=5)
    fill(world.index, [a_video("video0", "Tea")])
    back = START + 2 * HOUR
    world.youtube.unit_fault = lambda _: httpx.Response(503) if world.clock.now() < back else None

    world.run(back + 20 * MINUTE)

    told = statuses(world)
    away = [status.youtube_away for status in told if START + HOUR + MINUTE < status.at < back]
    assert {each and (each.told, each.stops_polling, each.stops_key_checks) for each in away} == {
        ("YouTube does not answer lookups of videos, channels and keys", False, True)
    }
    assert told[-1].youtube_away is None
    assert world.published() == {"video0"}


def test_an_outage_that_nothing_asks_about_any_more_is_told_no_more(tmp_path):
    world = a_world(tmp_path, *videos_at(5), stride=5)
    world.youtube.fault = lambda _: youtube_errors.backend_error()
    world.clock.plan(START + 1.5 * HOUR, lambda: world.unfollow("tea"))

    world.run(START + 1.6 * HOUR)

    assert statuses(world)[-1].youtube_away is None
    assert (statuses(world)[-1].waiting or "").startswith("no subject")
