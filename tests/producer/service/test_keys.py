"""The whole producer against a scripted YouTube: keys, their quota, and that none is ever told."""

import logging
from datetime import timedelta

import pytest

from event_log import NewRecord
from producer.http import httpx
from schemas import CONTROL, POLL_STATE, RAW, ProjectQuota
from tests.producer import youtube_errors
from tests.producer.model_search import START, ModelVideo, videos_at
from tests.producer.scripted import KEYS, WRONG_KEY, ids
from tests.producer.service.tea import (
    DAY_STARTS,
    HOUR,
    MINUTE,
    a_world,
    assert_progress_is_backed,
    events,
    lines,
    tea_progress,
)


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
