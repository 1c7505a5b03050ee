"""The whole producer against a scripted YouTube: what goes wrong, singly and all on one day."""

import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from event_log import LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from producer import run
from producer.http import httpx
from producer.settings import ProducerSettings
from schemas import CONTROL, POLL_STATE, RAW, ProjectQuota, Subject, SubjectProgress, Window, subject_id
from tests.producer import youtube_errors
from tests.producer.crashes import Crash, FailingLog, Points, WatchedLog, watched
from tests.producer.model_search import GLITCHES, START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import KEYS, WRONG_KEY, HandClock, World, ids, read_all

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY_STARTS = START + timedelta(hours=8)
"""Midnight Pacific time, before daylight saving."""


def a_world(directory: Path, *videos: ModelVideo, start=START + HOUR, cap: int = 500, stride: float = 20, **settings):
    """One subject, `tea`, whose search shows `videos`."""
    clock = HandClock(start, stride=stride)
    model = ModelSearch(videos, cap=cap, now=clock.now)
    return World(directory, clock, {"tea": model}, **{"poll_interval": 600} | settings)


def tea_progress(world: World) -> SubjectProgress:
    return world.notes().progress[subject_id("tea")]


def ended(world: World) -> Callable[[], None]:
    """Ends the producer's run, as an action for the clock."""

    def end() -> None:
        world.clock.asked_to_stop = True

    return end


@pytest.fixture(autouse=True)
def _no_defect(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The loop survives what nobody foresaw: that must not hide it from the tests."""
    caplog.set_level(logging.INFO)
    yield
    assert not events(caplog, "defect")


class UnreservedError(BaseException):
    """A search was sent that is not in the ledger. The producer survives every Exception, so this is none."""


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.getMessage()} {getattr(record, 'fields', {})}" for record in caplog.records]


def events(caplog: pytest.LogCaptureFixture, name: str) -> list[dict[str, object]]:
    return [record.fields for record in caplog.records if record.getMessage() == name]  # type: ignore[attr-defined]


def assert_progress_is_backed(world: World) -> None:
    """Every note of progress comes after the raw records of every video that it counts as complete."""
    offsets: dict[str, int] = {}
    for record in world.read(RAW.name):
        offsets.setdefault(record.key or "", record.offset)
    models = {subject_id(query): model for query, model in world.youtube.models.items()}
    for record in world.read(POLL_STATE.name):
        if record.value and record.key and record.key.startswith("subject/"):
            progress = SubjectProgress.model_validate_json(record.value)
            for video in models[progress.id].videos:
                shown = video.found_from == START  # of a late one nobody could know
                if shown and any(window.start <= video.published_at <= window.end for window in progress.covered):
                    assert offsets.get(video.id, record.offset) < record.offset, f"{video.id} is not on the log yet"


# --- what it does


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


# --- what people change meanwhile


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


# --- keys and quota


def test_a_key_that_is_used_up_is_followed_by_the_next_one_within_the_same_window(tmp_path):
    videos = videos_at(*range(0, 3600, 10))
    world = a_world(tmp_path, *videos, youtube_api_keys=",".join(KEYS[:2]), stride=5)
    world.youtube.per_day[KEYS[0]] = 3

    world.run(START + 1.1 * HOUR)

    assert world.published() == ids(videos)
    assert (world.counted(KEYS[0]), world.reserved(KEYS[0])) == (4, 4)
    assert world.counted(KEYS[1]) == 5


def test_an_invalid_key_is_retired_with_the_reason_and_tried_once_only(tmp_path, caplog):
    world = a_world(tmp_path, *videos_at(5), youtube_api_keys=f"{WRONG_KEY},{KEYS[0]}")

    world.run(START + 3 * HOUR)

    assert world.published() == {"video0"}
    assert (world.counted(WRONG_KEY), world.units(WRONG_KEY)) == (0, 1)
    retired = world.notes().health[world.vault.recognise(WRONG_KEY)]
    assert "API_KEY_INVALID" in (retired.retired_reason or "")
    [line] = events(caplog, "key_retired")
    assert line["key"] == "…efgh"


def test_a_key_added_again_gets_another_chance(tmp_path):
    world = a_world(tmp_path, *videos_at(5), youtube_api_keys="")
    del world.youtube.projects[KEYS[0]]
    world.add_key(KEYS[0])
    world.clock.plan(START + 1.2 * HOUR, lambda: world.youtube.projects.update({KEYS[0]: "mended"}))
    world.clock.plan(START + 1.4 * HOUR, lambda: world.add_key(KEYS[0]))

    world.run(START + 1.5 * HOUR)

    assert world.published() == {"video0"}
    assert (world.counted(KEYS[0]), world.units(KEYS[0])) == (1, 2)


def test_a_key_whose_adder_has_a_clock_that_is_ahead_is_tried_once_only_all_the_same(tmp_path):
    world = a_world(tmp_path, youtube_api_keys="")
    sealed = world.vault.seal(WRONG_KEY, source="api", added_at=START + 5 * HOUR)
    world.append(NewRecord(CONTROL.name, sealed.key, sealed.to_json()))

    world.run(START + 2 * HOUR)

    assert world.units(WRONG_KEY) == 1


def test_a_burst_is_waited_out_with_the_same_key(tmp_path):
    world = a_world(tmp_path, *videos_at(5), youtube_api_keys=",".join(KEYS[:2]))
    answers = iter([youtube_errors.burst(), youtube_errors.burst()])
    world.youtube.fault = lambda _: next(answers, None)

    world.run(START + 1.1 * HOUR)

    assert world.published() == {"video0"}
    assert (world.counted(KEYS[0]), world.counted(KEYS[1])) == (3, 0)


def test_when_all_is_used_up_it_waits_until_midnight_pacific_time_and_goes_on(tmp_path, caplog):
    world = a_world(
        tmp_path, *videos_at(5, 28_700), start=DAY_STARTS - HOUR, searches_per_day=3, stride=60, poll_interval=300
    )

    world.run(DAY_STARTS - MINUTE)
    assert world.counted(KEYS[0]) == 3
    assert [event["reason"] for event in events(caplog, "waiting")] == ["the searches of the day are used up"]

    world.run(DAY_STARTS + 2 * MINUTE)
    assert world.counted(KEYS[0]) == 1
    assert world.published() == {"video0", "video1"}


def test_two_keys_of_one_project_share_its_searches(tmp_path):
    world = a_world(tmp_path, youtube_api_keys="", searches_per_day=4, poll_interval=60)
    for key in KEYS[:2]:
        world.add_key(key, project="shared")

    world.run(START + 3 * HOUR)

    assert world.counted(KEYS[0]) + world.counted(KEYS[1]) == 4
    assert world.notes().quotas["shared"].searches == 4


def test_a_ledger_of_the_day_before_counts_no_more(tmp_path):
    world = a_world(tmp_path, *videos_at(5))
    old = ProjectQuota(
        id=world.vault.recognise(KEYS[0]),
        day=(START - timedelta(days=1)).date(),
        searches=100,
        searches_exhausted=True,
    )
    world.append(NewRecord(POLL_STATE.name, old.key, old.to_json().replace(b"2026-02-28", b"2026-02-27")))

    world.run(START + 1.1 * HOUR)

    assert world.published() == {"video0"}


def test_quota_that_ends_in_the_middle_of_a_window_leaves_a_gap_that_is_closed_after_the_reset(tmp_path):
    videos = videos_at(*range(0, 25_000, 20))
    world = a_world(
        tmp_path, *videos, start=DAY_STARTS - HOUR, searches_per_day=15, stride=120, poll_interval=None, cap=100
    )

    for day in range(9):
        world.run(DAY_STARTS + timedelta(days=day) - MINUTE)
        assert world.counted(KEYS[0]) <= 15

    assert world.published() == ids(videos)
    assert len(tea_progress(world).covered) == 1
    assert_progress_is_backed(world)


def test_a_live_poll_that_quota_interrupts_is_not_put_off_for_ever(tmp_path):
    """Each day affords two of the three pages of the first window; the newest are never starved by the gap."""
    videos = videos_at(*range(0, 25_000, 200))
    fresh = [ModelVideo(f"fresh{day}", DAY_STARTS + timedelta(days=day, minutes=-30)) for day in range(1, 8)]
    world = a_world(
        tmp_path, *videos, *fresh, start=DAY_STARTS - HOUR, searches_per_day=2, stride=120, poll_interval=None
    )

    world.run(DAY_STARTS + timedelta(days=8))

    assert world.published() == ids(videos) | ids(fresh)


# --- what is away


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


# --- one subject does not hold up another


def two_subjects(directory: Path, **settings) -> World:
    clock = HandClock(START + HOUR, stride=20)
    models = {name: ModelSearch(videos_at(5, 4000, 9000, prefix=name), now=clock.now) for name in ("bad", "good")}
    return World(directory, clock, models, **{"poll_interval": 900} | settings)


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


# --- what cannot be read


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


# --- crashes


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


# --- a whole day, everything at once


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


# --- secrets


@pytest.mark.parametrize(
    "spelled",
    [
        lambda key: key,
        lambda key: "".join(f"%{ord(c):02X}" for c in key),
        lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
        lambda key: "".join(f"&#{ord(c)};" for c in key),
    ],
    ids=["as it is", "for a URL", "for JSON", "for HTML"],
)
@pytest.mark.parametrize("status", [200, 400, 403, 429, 500])
def test_no_key_reaches_a_line_or_a_record_even_when_youtube_repeats_it(tmp_path, caplog, status, spelled):
    caplog.set_level(logging.DEBUG)
    world = a_world(tmp_path, *videos_at(5))
    said = spelled(KEYS[0])
    body = (
        '{"kind": "youtube#searchListResponse", "items": [{"id": {"videoId": "v"}, "snippet": {"title": "%s"}}],'
        '"error": {"message": "Consumer api_key:%s", "errors": [{"reason": "%s"}], "details": [{"reason": "%s"}]}}'
    )
    world.handler = lambda _: httpx.Response(status, content=body % ((said,) * 4))

    world.run(START + 1.2 * HOUR)

    spellings = {KEYS[0], said, said.lower(), said.replace("\\", "\\\\")}
    everything = [record.value or b"" for record in world.read(RAW.name, CONTROL.name, POLL_STATE.name)]
    assert not [value for value in everything if any(spelling.encode() in value for spelling in spellings)]
    assert not [line for line in lines(caplog) if any(spelling in line for spelling in spellings)]
    assert not [record.exc_text for record in caplog.records if record.exc_text and KEYS[0] in record.exc_text]


# --- its life


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
