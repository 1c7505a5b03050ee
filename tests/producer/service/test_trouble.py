"""The whole producer against a scripted YouTube: what is in trouble does not hold up the rest."""

from collections import Counter
from datetime import timedelta

import pytest

from event_log import NewRecord
from producer.http import httpx
from schemas import CONTROL, POLL_STATE, Subject, SubjectProgress, Window, subject_id
from tests.producer import youtube_errors
from tests.producer.model_search import START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import KEYS
from tests.producer.service.tea import DAY_STARTS, HOUR, a_world, events, tea_progress, two_subjects

BAD_ANSWERS = {
    "a server error": youtube_errors.backend_error(),
    "a burst": youtube_errors.burst(),
    "no JSON": httpx.Response(200, content=b"<html>"),
    "a refused parameter": youtube_errors.invalid_parameter("q"),
    "a refused token": youtube_errors.invalid_token(),
    "results of other times": httpx.Response(
        200,
        json={
            "items": [ModelVideo(f"x{n}", START + timedelta(days=9)).to_item() for n in range(50)],
            "nextPageToken": "2",
        },
    ),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_subject_that_youtube_fails_on_does_not_hold_up_the_others(tmp_path, answer):
    world = two_subjects(tmp_path)
    world.youtube.fault = lambda request: answer if request.url.params["q"] == "bad" else None

    world.run(START + 4 * HOUR)

    assert {f"good{n}" for n in range(3)} <= world.published()
    bad = [request for request in world.youtube.requests if request.url.params["q"] == "bad"]
    assert 0 < len(bad) < 90


def test_a_subject_that_always_fails_takes_no_more_than_its_turns(tmp_path):
    world = two_subjects(tmp_path, poll_interval=None, stride=60)
    world.youtube.fault = lambda request: youtube_errors.backend_error() if request.url.params["q"] == "bad" else None

    world.run(START + 48 * HOUR)

    asked = Counter(request.url.params["q"] for request in world.youtube.requests)
    assert 3 < asked["bad"] < 70
    assert asked["good"] > 150


def test_an_outage_that_costs_quota_leaves_the_rest_of_the_day_its_searches(tmp_path):
    world = a_world(tmp_path, poll_interval=None, stride=60, start=DAY_STARTS)
    ends = DAY_STARTS + 15 * HOUR
    world.youtube.fault = lambda _: youtube_errors.backend_error() if world.clock.now() < ends else None

    world.run(ends)

    assert world.counted(KEYS[0]) < 80


def test_a_refused_subject_is_tried_again_when_it_is_changed(tmp_path):
    world = two_subjects(tmp_path)
    world.youtube.fault = lambda request: (
        youtube_errors.invalid_parameter("q")
        if request.url.params["q"] == "bad" and world.clock.now() < START + 1.2 * HOUR
        else None
    )
    world.clock.plan(START + 1.5 * HOUR, lambda: world.follow("bad", START + timedelta(seconds=1)))

    world.run(START + 1.4 * HOUR)
    assert "bad0" not in world.published()

    world.clock.end = START + 1.4 * HOUR
    world.run(START + 1.7 * HOUR)
    assert "bad0" in world.published()


def test_records_that_cannot_be_read_hold_nothing_up(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5))
    far = Subject(id="x", query="x", since=START, followed_at=START)
    poison = {
        f"subject/{subject_id('tea')}": b"not JSON",
        "subject/other": far.to_json(),
        "subject/x": far.to_json().replace(b"2026-03-01T00:00:00Z", b"9999-12-31T23:59:59-23:00"),
        "api-key/bad": b'{"id": "bad"}',
        "nonsense": b"\x00",
    }
    for topic in (CONTROL, POLL_STATE):
        world.append(*(NewRecord(topic.name, key, value) for key, value in poison.items()))

    world.run(START + 2 * HOUR)

    assert world.published() == {"video0"}
    assert 0 < len(events(caplog, "record_unreadable")) < 20
    assert len(events(caplog, "notes_removed")) == 2


def test_progress_from_the_edges_of_time_does_no_harm(tmp_path):
    world = a_world(tmp_path, *videos_at(5))
    odd = SubjectProgress(
        id=subject_id("tea"),
        covered=(
            Window(start="9999-12-31T23:00:00Z", end="9999-12-31T23:59:59Z"),  # type: ignore[arg-type]
            Window(start="0001-01-01T00:00:00Z", end="0001-01-01T00:00:00Z"),  # type: ignore[arg-type]
        ),
        last_poll_at=START + timedelta(days=900),
    )
    world.append(NewRecord(POLL_STATE.name, odd.key, odd.to_json()))

    world.run(START + 2 * HOUR)

    assert world.published() == {"video0"}
    assert tea_progress(world).covered[-1].end > START


@pytest.mark.parametrize("jump", [-3 * HOUR, -timedelta(days=400), 3 * HOUR, timedelta(days=40)], ids=str)
def test_a_clock_that_jumps_is_survived(tmp_path, jump):
    world = a_world(tmp_path, *videos_at(5), start=START + timedelta(hours=30), stride=60)
    world.run(START + timedelta(hours=31))
    model = world.youtube.models["tea"]
    world.youtube.models["tea"] = ModelSearch([*model.videos, ModelVideo("fresh", world.clock.moment + jump)])
    world.clock.moment += jump

    world.run(world.clock.moment + HOUR)

    assert "fresh" in world.published() or world.clock.moment < START


def test_a_defect_is_named_and_the_loop_goes_on(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5))
    surprises = iter([RuntimeError("a defect"), ValueError("another")])

    def surprising(request: httpx.Request) -> httpx.Response:
        if surprise := next(surprises, None):
            raise surprise
        return world.youtube(request)

    world.handler = surprising
    world.run(START + 3 * HOUR)

    assert world.published() == {"video0"}
    assert len(events(caplog, "defect")) == 2
    caplog.clear()
