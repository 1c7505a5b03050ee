"""The whole producer against a scripted YouTube: crashes, and a day on which everything goes wrong."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from event_log import LogUnavailableError
from producer.http import httpx
from tests.producer import youtube_errors
from tests.producer.crashes import Crash, Points, WatchedLog, watched
from tests.producer.model_search import GLITCHES, START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import KEYS, WRONG_KEY, HandClock, World, ids
from tests.producer.service.tea import DAY_STARTS, HOUR, MINUTE, assert_progress_is_backed


class UnreservedError(BaseException):
    """A search was sent that is not in the ledger. The producer survives every Exception, so this is none."""


def the_days_work(directory: Path) -> World:
    """Little, but of everything: a window that is split, a key that is invalid, one that is used up, a failure, a
    video that comes late."""
    clock = HandClock(START + HOUR, stride=120)
    tea = [
        *videos_at(*range(0, 3600, 50), 4000),
        ModelVideo("late", START + timedelta(seconds=3000), START + HOUR + 5 * MINUTE),
    ]
    models = {
        "tea": ModelSearch(tea, cap=50, now=clock.now),
        "jam": ModelSearch(videos_at(5, 4000, prefix="jam"), now=clock.now),
    }
    world = World(directory, clock, models, poll_interval=600)
    world.settings["youtube_api_keys"] = ",".join((WRONG_KEY, *KEYS))
    world.youtube.per_day[KEYS[0]] = 3
    failures = {3: youtube_errors.backend_error(), 9: youtube_errors.burst()}
    world.youtube.fault = lambda _: failures.get(len(world.youtube.requests))
    return world


DAYS_END = START + HOUR + 15 * MINUTE
LATER = DAYS_END + 12 * MINUTE


def assert_nothing_is_missing_or_unreserved(world: World) -> None:
    for model in world.youtube.models.values():
        assert ids(model.videos) <= world.published()
    for key in (*KEYS, WRONG_KEY):
        assert world.counted(key) <= world.reserved(key)
    assert_progress_is_backed(world)


def every_search_is_reserved_before(world: World) -> Callable[[httpx.Request], None]:
    """Looks, at every call, at what is durable."""

    def look(request: httpx.Request) -> None:
        key = request.headers["X-Goog-Api-Key"]
        if world.counted(key) >= world.reserved(key):
            raise UnreservedError

    return look


def test_a_day_without_a_crash_is_complete_and_every_search_was_reserved_before_it_was_sent(tmp_path):
    world = the_days_work(tmp_path)
    world.youtube.before = every_search_is_reserved_before(world)

    world.run(DAYS_END)

    assert_nothing_is_missing_or_unreserved(world)
    assert world.units(WRONG_KEY) == 1
    assert world.counted(KEYS[0]) == 4


def points_of_a_day(directory: Path) -> int:
    world, points = the_days_work(directory), Points()
    world.wrap = lambda log: WatchedLog(log, points)
    world.handler = watched(world.youtube, points)
    world.run(DAYS_END)
    return points.count


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_crash_at_any_write_or_call_nothing_is_missing_and_nothing_unreserved(tmp_path, when):
    count = points_of_a_day(tmp_path / "whole")
    assert count > 30
    for at in range(1, count + 1):
        world, points = the_days_work(tmp_path / str(at)), Points(at, when)
        world.wrap = lambda log, points=points: WatchedLog(log, points)
        world.handler = watched(world.youtube, points)
        with pytest.raises(Crash):
            world.run(LATER)

        world.run(LATER)

        assert_nothing_is_missing_or_unreserved(world)


def test_after_a_failure_of_any_write_nothing_is_missing_and_nothing_unreserved(tmp_path):
    count = points_of_a_day(tmp_path / "whole")
    for at in range(1, count + 1):
        world = the_days_work(tmp_path / str(at))
        points = Points(at, "before" if at % 3 else "after", lambda: LogUnavailableError("away"))
        world.wrap = lambda log, points=points: WatchedLog(log, points)

        world.run(LATER)

        assert_nothing_is_missing_or_unreserved(world)


def test_crash_after_crash_comes_to_an_end_too(tmp_path):
    world = the_days_work(tmp_path)
    rng = random.Random(3)
    for _ in range(30):
        points = Points(rng.randint(1, 8), rng.choice(["before", "after"]))
        world.wrap = lambda log, points=points: WatchedLog(log, points)
        world.handler = watched(world.youtube, points)
        with pytest.raises(Crash):
            world.run(START + 24 * HOUR)
    world.wrap, world.handler = lambda log: log, world.youtube

    world.run(world.clock.moment + 2 * HOUR)

    assert_nothing_is_missing_or_unreserved(world)


def faults_of_a_bad_day(world: World, rng: random.Random) -> Callable[[httpx.Request], httpx.Response | None]:
    def fault(request: httpx.Request) -> httpx.Response | None:
        chance = rng.random()
        if chance < 0.05:
            raise httpx.ReadTimeout("timed out", request=request)
        if chance < 0.10:
            return rng.choice(
                [youtube_errors.backend_error(), httpx.Response(503), httpx.Response(200, content=b"?")]
            )
        if chance < 0.12:
            return youtube_errors.burst()
        return None

    return fault


@pytest.mark.parametrize("seed", range(2))
def test_a_whole_day_on_which_everything_goes_wrong_ends_with_nothing_missing(tmp_path, seed):
    rng = random.Random(seed)
    clock = HandClock(DAY_STARTS, stride=60)
    day = 24 * 3600
    first = 8 * 3600 - 1800
    videos = [
        ModelVideo(f"v{n}", START + timedelta(seconds=rng.randint(first, first + day - 3600))) for n in range(900)
    ]
    late = [
        ModelVideo(f"late{n}", video.published_at, video.published_at + timedelta(minutes=rng.randint(1, 80)))
        for n, video in enumerate(videos[:200])
    ]
    models = {
        "tea": ModelSearch(
            [*videos, *late], now=clock.now, glitches=GLITCHES, glitch_rate=0.1, token_refusals=0.1, rng=rng
        ),
        "jam": ModelSearch(videos_at(*range(first, first + 700), prefix="jam"), now=clock.now),
    }
    world = World(tmp_path, clock, models, subjects_since=START + timedelta(seconds=first))
    world.settings["youtube_api_keys"] = ",".join((WRONG_KEY, *KEYS))
    world.youtube.per_day[KEYS[0]] = 60
    world.youtube.fault = faults_of_a_bad_day(world, rng)
    is_reserved = every_search_is_reserved_before(world)

    def before(request: httpx.Request) -> None:
        is_reserved(request)
        if rng.random() < 0.03:
            raise httpx.ConnectError("refused", request=request)

    world.youtube.before = before

    for hours in range(2, 25, 2):
        world.run(DAY_STARTS + timedelta(hours=hours) - MINUTE)
        assert all(world.counted(key) <= 100 for key in KEYS)
    world.run(DAY_STARTS + timedelta(hours=26))

    for model in models.values():
        assert ids(model.videos) <= world.published()
