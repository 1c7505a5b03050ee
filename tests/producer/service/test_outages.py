"""The whole producer against a scripted YouTube: what is away for a while."""

from dataclasses import replace
from datetime import timedelta

import pytest

from event_log.embedded import EmbeddedLog
from producer.http import httpx
from schemas import RAW
from tests.producer import youtube_errors
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START, videos_at
from tests.producer.scripted import KEYS
from tests.producer.service.tea import HOUR, MINUTE, a_world, assert_progress_is_backed, events, tea_progress


def test_youtube_may_be_away_for_hours(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5, 8000), stride=10)
    world.youtube.fault = lambda _: youtube_errors.backend_error() if world.clock.now() < START + 3 * HOUR else None

    world.run(START + 4 * HOUR)

    assert world.published() == {"video0", "video1"}
    assert len(events(caplog, "youtube_away")) == len(events(caplog, "youtube_back")) == 1
    assert world.counted(KEYS[0]) == world.reserved(KEYS[0]) < 60


def test_a_network_that_is_away_costs_no_quota(tmp_path):
    world = a_world(tmp_path, *videos_at(5))

    def unplugged(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host", request=request)

    world.handler = unplugged
    world.run(START + 2 * HOUR)
    assert world.reserved(KEYS[0]) == 0

    world.handler = world.youtube
    world.run(START + 3 * HOUR)
    assert world.published() == {"video0"}


def test_what_the_log_does_not_take_at_once_is_offered_again_and_not_searched_again(tmp_path):
    world = a_world(tmp_path, *videos_at(*range(700)), stride=5)
    until = START + 1.5 * HOUR
    world.wrap = lambda log: FailingLog(
        log,
        lambda _, records: world.clock.now() < until and any(record.topic == RAW.name for record in records),
    )

    world.run(START + 1.4 * HOUR)
    assert world.counted(KEYS[0]) == 1

    world.run(START + 2 * HOUR)
    assert len(world.published()) == 700
    assert_progress_is_backed(world)


@pytest.mark.parametrize("call", ["create_topics", "reader", "read", "append"])
def test_the_log_may_be_away_and_nothing_is_spent_meanwhile(tmp_path, caplog, call):
    world = a_world(tmp_path, *videos_at(5), stride=1)
    until = START + 1.1 * HOUR
    world.wrap = lambda log: FailingLog(log, lambda name, _: name == call and world.clock.now() < until)

    world.run(START + 1.2 * HOUR)

    assert world.published() == {"video0"}
    assert world.counted(KEYS[0]) == 1
    assert len(events(caplog, "log_away")) == len(events(caplog, "log_back")) == 1
    assert world.clock.waits[:6] == [0.5, 1.0, 2.0, 2.5, 2.5, 2.5]


def test_a_log_that_goes_away_while_nothing_is_due_is_said_to_be_away_and_back(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5), stride=1)
    away = (START + HOUR + MINUTE, START + HOUR + 2 * MINUTE)
    world.wrap = lambda log: FailingLog(log, lambda *_: away[0] < world.clock.now() < away[1])

    world.run(START + HOUR + 3 * MINUTE)

    assert len(events(caplog, "log_away")) == len(events(caplog, "log_back")) == 1


def test_a_producer_that_stands_by_says_of_every_outage_when_it_is_over(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5), stride=1)
    world.owns = lambda: False
    minutes = [START + HOUR + number * MINUTE for number in range(5)]
    world.wrap = lambda log: FailingLog(
        log,
        lambda *_: minutes[1] < world.clock.now() < minutes[2] or minutes[3] < world.clock.now() < minutes[4],
    )

    world.run(minutes[4] + MINUTE)

    assert len(events(caplog, "log_away")) == len(events(caplog, "log_back")) == 2


def test_it_shows_life_once_its_work_goes_round_and_none_while_the_log_is_away_at_the_start(tmp_path):
    sign = tmp_path / "alive"
    world = a_world(tmp_path, *videos_at(5), stride=1, life_sign_file=sign)
    seen: list[bool] = []

    def away(*_: object) -> bool:
        seen.append(sign.exists())
        return world.clock.now() < START + HOUR + MINUTE

    world.wrap = lambda log: FailingLog(log, away)
    world.run(START + HOUR + 2 * MINUTE)

    assert not seen[0]
    assert seen == sorted(seen)
    assert seen[-1]


def test_a_file_of_the_log_that_cannot_be_used_for_a_while_is_survived(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5, 5000), stride=5, poll_interval=300)
    other = EmbeddedLog(tmp_path / "log.sqlite")
    writer = other._writer  # a process of its own would hold the file just so

    world.clock.plan(START + 1.1 * HOUR, lambda: writer.execute("BEGIN IMMEDIATE"))
    world.clock.plan(START + 1.1 * HOUR + timedelta(seconds=310), lambda: writer.execute("ROLLBACK"))
    world.run(START + 1.5 * HOUR)
    other.close()

    assert world.published() == {"video0", "video1"}
    assert events(caplog, "log_away")
    assert events(caplog, "log_back")


def test_a_raw_topic_that_is_gone_is_made_again_and_no_result_is_left_out(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(*range(300)))
    made: list[str] = []

    class Forgetful(FailingLog):
        """Loses the raw topic after it was made for the first time."""

        def create_topics(self, topics):
            made.append(RAW.name)
            self._inner.create_topics(topics)

        def append(self, records):
            gone = records[0].topic == RAW.name and len(made) < 2
            self._inner.append([replace(each, topic="no.such.topic") for each in records] if gone else records)

    world.wrap = lambda log: Forgetful(log, lambda *_: False)
    world.run(START + 1.2 * HOUR)

    assert len(world.published()) == 300
    assert not events(caplog, "result_rejected")


def test_a_result_too_large_for_the_log_is_named_and_holds_nothing_up(tmp_path, caplog):
    large = {"id": {"videoId": "large"}, "snippet": {"publishedAt": "2026-03-01T00:10:00Z", "title": "x" * 1_100_000}}
    world = a_world(tmp_path)
    world.handler = lambda _: httpx.Response(
        200, json={"items": [large, videos_at(5)[0].to_item()], "kind": "youtube#searchListResponse"}
    )

    world.run(START + 1.1 * HOUR)

    assert world.published() == {"video0"}
    [line] = events(caplog, "result_rejected")
    assert line["video"] == "large"
    assert tea_progress(world).covered
