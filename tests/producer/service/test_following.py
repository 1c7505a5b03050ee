"""The whole producer against a scripted YouTube: what it publishes, what people change meanwhile, and its life."""

import json
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest

from producer import run
from producer.http import httpx
from producer.settings import ProducerSettings
from schemas import RAW
from tests.producer.model_search import START, ModelVideo, videos_at
from tests.producer.scripted import KEYS, ids, read_all
from tests.producer.service.tea import (
    HOUR,
    a_world,
    assert_progress_is_backed,
    ended,
    events,
    tea_progress,
)


def test_it_publishes_every_video_since_the_given_time_and_none_before(tmp_path):
    videos = videos_at(*range(0, 3600, 30))
    world = a_world(tmp_path, *videos, subjects_since=START + timedelta(minutes=30))

    world.run(START + 2 * HOUR)

    assert world.published() == {v.id for v in videos if v.published_at >= START + timedelta(minutes=30)}


def test_without_a_given_time_it_starts_seven_days_before_a_subject_is_first_followed(tmp_path):
    old = [ModelVideo(f"day{n}", START - timedelta(days=n)) for n in range(12)]
    world = a_world(tmp_path, *old, start=START, subjects_since=None)

    world.run(START + HOUR)

    assert world.published() == {f"day{n}" for n in range(8)}


def test_new_videos_are_found_at_the_next_poll_and_nothing_is_searched_in_between(tmp_path):
    world = a_world(tmp_path, *videos_at(3700, 9000))

    world.run(START + 2 * HOUR)

    assert world.published() == {"video0"}
    assert world.counted(KEYS[0]) == 6


def test_a_video_that_the_search_shows_late_is_found_by_the_overlap(tmp_path):
    late = ModelVideo("late", START + timedelta(seconds=3500), found_from=START + 2 * HOUR)
    world = a_world(tmp_path, late, *videos_at(3700, 5000, 6000))

    world.run(START + 2.5 * HOUR)

    assert "late" in world.published()


def test_the_end_of_paging_splits_a_window_until_it_is_complete(tmp_path):
    videos = videos_at(*range(0, 3600, 3))
    world = a_world(tmp_path, *videos)

    world.run(START + 1.5 * HOUR)

    assert world.published() == ids(videos)
    assert len(tea_progress(world).covered) == 1
    assert_progress_is_backed(world)


def test_a_second_with_more_videos_than_youtube_shows_holds_nothing_up(tmp_path, caplog):
    crowd = videos_at(*[1800] * 900, prefix="crowd")
    world = a_world(tmp_path, *crowd, *videos_at(100, 1799, 1801, 3500))

    world.run(START + 1.5 * HOUR)

    assert ids(videos_at(0, 0, 0, 0)) <= world.published()
    assert len(world.published()) == 504
    assert len(tea_progress(world).covered) == 1
    assert events(caplog, "results_out_of_reach")


def test_items_without_a_time_or_that_are_no_videos_are_published_too(tmp_path):
    timeless = {"id": {"videoId": "timeless"}, "snippet": {"title": "?"}}
    channel = {"id": {"kind": "youtube#channel", "channelId": "UC1"}, "snippet": {}}
    world = a_world(tmp_path)
    world.handler = lambda _: httpx.Response(200, json={"items": [timeless, channel, None]})

    world.run(START + 1.1 * HOUR)

    records = world.read(RAW.name)
    assert {record.key for record in records} == {"timeless", None}
    assert json.loads(records[1].value) == channel


def test_with_nothing_to_follow_or_no_key_it_says_so_once_and_spends_nothing(tmp_path, caplog):
    world = a_world(tmp_path, youtube_api_keys="")

    world.run(START + 2 * HOUR)
    world.unfollow("tea")

    assert [event["reason"] for event in events(caplog, "waiting")] == [
        "there is no usable API key: add one through the API, or set YOUTUBE_API_KEYS"
    ]
    assert not world.youtube.requests


def test_a_subject_and_a_key_that_come_while_it_runs_are_taken_up(tmp_path):
    world = a_world(tmp_path, *videos_at(5), youtube_api_keys="", subjects="")
    world.clock.plan(START + 1.2 * HOUR, lambda: world.follow("tea"))
    world.clock.plan(START + 1.4 * HOUR, lambda: world.add_key(KEYS[1]))

    world.run(START + 1.5 * HOUR)

    assert world.published() == {"video0"}
    assert world.counted(KEYS[1]) == 1


def test_an_unfollowed_subject_is_searched_no_more_and_its_notes_go(tmp_path):
    world = a_world(tmp_path, *videos_at(5))
    world.clock.plan(START + 1.1 * HOUR, lambda: world.unfollow("tea"))

    world.run(START + 3 * HOUR)

    assert world.counted(KEYS[0]) == 1
    assert not world.notes().progress


def test_a_subject_followed_again_starts_anew(tmp_path):
    world = a_world(tmp_path, *videos_at(5, 3000))
    world.clock.plan(START + 1.1 * HOUR, lambda: world.unfollow("tea"))
    world.clock.plan(START + 1.2 * HOUR, lambda: world.follow("tea", START + timedelta(seconds=2000)))

    world.run(START + 1.3 * HOUR)

    assert tea_progress(world).covered[0].start == START + timedelta(seconds=2000)
    assert world.counted(KEYS[0]) == 2


def test_an_earlier_since_is_filled_up_and_what_is_complete_is_not_asked_for_again(tmp_path):
    videos = videos_at(*range(0, 3600, 60))
    world = a_world(tmp_path, *videos, start=START + 6 * HOUR, subjects_since=START + timedelta(minutes=30))
    world.run(START + 6.1 * HOUR)
    before = len(world.youtube.requests)
    world.settings["subjects_since"] = START

    world.run(START + 6.2 * HOUR)

    assert world.published() == ids(videos)
    windows = {
        (request.url.params["publishedAfter"], request.url.params["publishedBefore"])
        for request in world.youtube.requests[before:]
    }
    assert ("2026-03-01T00:00:00Z", "2026-03-01T00:29:59Z") in windows
    assert min(after for after, _ in windows - {min(windows)}) >= "2026-03-01T04:00:00Z"


def test_a_since_in_the_future_waits_for_its_time(tmp_path):
    world = a_world(tmp_path, *videos_at(3600, 9000), subjects="")
    world.follow("tea", START + 2 * HOUR)

    world.run(START + 1.9 * HOUR)
    assert not world.youtube.requests

    world.run(START + 3 * HOUR)
    assert world.published() == {"video1"}


@pytest.fixture
def stop() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_it_runs_in_a_thread_until_it_is_asked_to_stop_and_frees_what_it_holds(tmp_path, stop):
    settings = ProducerSettings(_env_file=None, youtube_api_url="http://127.0.0.1:9/youtube/v3", data_dir=tmp_path)  # type: ignore[call-arg]
    world = a_world(tmp_path)
    with world.log() as log:
        thread = Thread(target=run, args=(settings, log, world.index, world.vault, stop))
        thread.start()
        stop.set()
        thread.join(5)

        assert not thread.is_alive()
        assert read_all(log, RAW.name) == []


def test_a_stop_in_the_middle_of_a_poll_leaves_the_rest_for_the_next_start(tmp_path):
    videos = videos_at(*range(400))
    world = a_world(tmp_path, *videos)
    world.clock.plan(START + HOUR + timedelta(seconds=3), ended(world))
    world.run(START + 2 * HOUR)
    assert len(world.published()) == 150

    world.clock.asked_to_stop = False
    world.run(START + 2 * HOUR)

    assert world.published() == ids(videos)
    assert_progress_is_backed(world)
