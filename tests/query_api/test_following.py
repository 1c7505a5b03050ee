"""Who is told when, of a log on which some are far behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from event_log import EventLog, NewRecord, Positions
from event_log.embedded import EmbeddedLog
from query_api.follower import Follower, Match
from query_api.following import Following
from query_api.parameters import search_request
from schemas import VIDEOS, Video, utc_now
from tests.query_api.test_stream import new_video
from tests.video_index.contract import await_condition
from video_index import SearchRequest

MANY = 6_000
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Told(Follower):
    """Remembers the ids that it was offered."""

    def __init__(self, began: datetime, positions: Positions | None, q: str = "") -> None:
        super().__init__(began, positions)
        self.ids: list[str] = []
        self._filters = {"q": q} if q else {}

    def ready(self) -> bool:
        return True

    def request(self) -> SearchRequest:
        return search_request(self._filters, utc_now())

    def offer(self, found: Match) -> None:
        self.ids.append(found.video.video_id)

    def reach(self, positions: Positions) -> None:
        pass


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """One with many changes of videos."""
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics([VIDEOS])
        tell(log, *(new_video(f"old{number}", "Old") for number in range(MANY)))
        yield log


@pytest.fixture
def following(log: EventLog) -> Iterator[Following]:
    following = Following(log, "a test")
    yield following
    following.close()


def tell(log: EventLog, *videos: Video) -> None:
    log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])


def test_who_is_live_is_told_while_others_are_far_behind(log: EventLog, following: Following) -> None:
    live = Told(utc_now(), None)
    following.add(live)
    await_condition(lambda: live.takes_part)
    far_behind = [Told(LONG_AGO, {}, "old") for _ in range(3)]
    for follower in far_behind:
        following.add(follower)
    await_condition(lambda: any(follower.ids for follower in far_behind))

    tell(log, new_video("new"))
    await_condition(lambda: live.ids == ["new"])

    assert any(len(follower.ids) < MANY for follower in far_behind)


def test_who_is_far_behind_comes_to_the_end_and_is_live_then(log: EventLog, following: Following) -> None:
    far_behind = [Told(LONG_AGO, {}), Told(LONG_AGO, {(VIDEOS.name, 0): MANY // 2})]
    for follower in far_behind:
        following.add(follower)
    await_condition(lambda: len(far_behind[0].ids) == MANY)
    tell(log, new_video("new"))
    await_condition(lambda: all(follower.ids[-1:] == ["new"] for follower in far_behind))

    every = [f"old{number}" for number in range(MANY)]
    assert far_behind[0].ids == [*every, "new"]
    assert every[-len(far_behind[1].ids) + 1 :] == far_behind[1].ids[:-1]


def test_one_that_comes_again_and_again_takes_no_turn_from_others(log: EventLog, following: Following) -> None:
    patient, again = Told(LONG_AGO, {}), Told(LONG_AGO, {})
    following.add(patient)

    def is_caught_up() -> bool:
        nonlocal again
        following.remove(again)
        again = Told(LONG_AGO, {}, "nothing")
        following.add(again)
        return patient.ids[-1:] == [f"old{MANY - 1}"]

    await_condition(is_caught_up)
