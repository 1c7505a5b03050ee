"""Lookups on a real log and index; the processor's part is played by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from event_log import EventLog
from event_log.embedded import EmbeddedLog
from producer.errors import NoCallLeftError, UnavailableError
from producer.lookups import Lookups
from producer.outage import Outage
from producer.publisher import Publisher
from schemas import ALL_TOPICS, LOOKUPS, LookupKind, Video, VideoDetails
from tests.producer import youtube_errors
from tests.producer.model_search import START
from tests.producer.scripted import KEYS, read_all
from tests.producer.test_searcher import Bench
from video_index import IndexUnavailableError, Write
from video_index.embedded import EmbeddedIndex

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def a_video(name: str, *, refreshed: datetime = START, looked_up: bool = False) -> Video:
    return Video(
        video_id=name,
        title=name,
        description="",
        channel_id="UC1",
        channel_title="",
        published_at=START,
        thumbnails={},
        live_broadcast_content="none",
        subjects=("tea",),
        first_seen_at=START,
        updated_at=refreshed,
        refreshed_at=refreshed,
        details=VideoDetails(duration_s=1) if looked_up else None,
    )


class Desk(Bench):
    """Lookups, with a log and an index."""

    def __init__(self, log: EmbeddedLog, index: EmbeddedIndex) -> None:
        super().__init__(log, KEYS[0])
        self.real_log: EventLog = log
        self.index = index
        self.processed = 0
        publisher = Publisher(log, self.clock, Outage("log", lambda: 1.0))
        self.confirmed = True
        self.lookups = Lookups(
            index=index,
            client=self.client,
            caller=self.caller,
            publisher=publisher,
            clock_is_confirmed=lambda: self.confirmed,
        )
        self.clock.moment = START

    def store(self, *videos: Video) -> None:
        self.index.write([Write(video, None) for video in videos])

    def work(self, after: timedelta = timedelta()) -> None:
        """All that there is to do at that time."""
        self.clock.moment = START + after
        while self.lookups.work(self.clock.now()):
            pass

    def process(self) -> None:
        """What the processor would do with the videos that were looked up."""
        asked = [request.url.params["id"].split(",") for request in self.youtube.looked_up[self.processed :]]
        self.processed = len(self.youtube.looked_up)
        fresh = {"refreshed_at": self.clock.now(), "details": VideoDetails(duration_s=1)}
        for videos in asked:
            stored = [each for each in self.index.get(videos) if each is not None]
            self.index.write([Write(each.video.model_copy(update=fresh), each.version) for each in stored])

    def published(self) -> dict[str, str]:
        """Kind of the newest record, by video."""
        records = read_all(self.real_log, LOOKUPS.name)
        return {record.key or "": dict(record.headers)["ce_type"].decode() for record in records}


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log, EmbeddedIndex(tmp_path / "index") as index:
        log.create_topics(ALL_TOPICS)
        desk = Desk(log, index)
        yield desk


def test_new_videos_are_looked_up_fifty_at_a_time(desk):
    desk.store(*(a_video(f"v{n:03}") for n in range(120)))

    desk.work()
    assert len(desk.published()) == 100
    assert len(desk.youtube.looked_up) == 2

    desk.work(MINUTE)
    assert set(desk.published().values()) == {LookupKind.VIDEO.value}
    assert len(desk.published()) == 120
    assert len(desk.youtube.looked_up) == 3


def test_what_the_processor_has_not_written_yet_is_not_asked_for_again_at_once(desk):
    desk.store(a_video("a"))

    desk.work()
    desk.work(MINUTE)
    assert len(desk.youtube.looked_up) == 1

    desk.work(3 * MINUTE)
    assert len(desk.youtube.looked_up) == 2


def test_while_the_processor_is_stuck_a_video_costs_a_few_calls_a_day(desk):
    desk.store(a_video("new"), a_video("stale", looked_up=True, refreshed=START - 26 * DAY))

    for minutes in range(24 * 60):
        desk.work(minutes * MINUTE)

    assert len(desk.youtube.looked_up) <= 2 * 10


def test_once_the_processor_goes_on_new_videos_are_looked_up_as_soon_as_ever(desk):
    desk.store(a_video("old"))
    for minutes in range(12 * 60):
        desk.work(minutes * MINUTE)

    desk.process()
    desk.store(a_video("new"))
    before = len(desk.youtube.looked_up)
    desk.work(timedelta(hours=12))

    assert [request.url.params["id"] for request in desk.youtube.looked_up[before:]] == ["new"]


def test_however_much_is_stale_a_stuck_processor_is_given_no_more_than_it_can_take_up_soon(desk):
    desk.store(*(a_video(f"v{n:04}", looked_up=True, refreshed=START - 26 * DAY) for n in range(2_500)))

    desk.work()
    assert len(desk.published()) == 2_000

    desk.process()
    desk.work(MINUTE)
    assert len(desk.published()) == 2_500


def test_a_video_that_is_missing_twice_is_removed(desk):
    desk.store(a_video("a"), a_video("gone"))
    desk.youtube.gone.add("gone")

    desk.work()
    desk.work(9 * MINUTE)
    assert desk.published() == {"a": LookupKind.VIDEO.value}

    desk.work(11 * MINUTE)
    assert desk.published()["gone"] == LookupKind.GONE.value


def test_a_video_that_was_missing_only_once_stays(desk):
    desk.store(a_video("a"))
    desk.youtube.gone.add("a")
    desk.work()
    desk.youtube.gone.clear()

    desk.work(11 * MINUTE)

    assert desk.published() == {"a": LookupKind.VIDEO.value}


def test_answers_without_any_video_remove_nothing_for_a_day(desk):
    desk.store(a_video("a"), a_video("b"))
    desk.youtube.gone |= {"a", "b"}

    for minutes in range(0, 23 * 60, 15):
        desk.work(minutes * MINUTE)
    assert not desk.published()

    desk.work(25 * 60 * MINUTE)
    assert set(desk.published().values()) == {LookupKind.GONE.value}


def test_the_videos_refreshed_longest_ago_come_first_and_all_come_round_in_time(desk):
    """1,000 videos: each step of a day refreshes what is due, as the processor would write it."""
    videos = {f"v{n:04}": a_video(f"v{n:04}", looked_up=True) for n in range(1_000)}
    desk.store(*videos.values())

    for hour in range(0, 60 * 24, 3):
        desk.work(timedelta(hours=hour))
        desk.process()
        assert desk.clock.now() - desk.index.freshness().oldest < 30 * DAY

    assert len(desk.published()) == 1_000
    assert len(desk.youtube.looked_up) < 65


def test_what_cannot_be_refreshed_is_removed_before_thirty_days_are_over(desk):
    desk.store(a_video("old", looked_up=True), a_video("young", looked_up=True, refreshed=START + 10 * DAY))
    desk.youtube.unit_fault = lambda _: youtube_errors.backend_error()
    for days in range(2, 27):
        with pytest.raises(UnavailableError):
            desk.work(days * DAY)

    desk.clock.moment = START + 27 * DAY + MINUTE
    desk.lookups.remove_expired(desk.clock.now())

    assert desk.published() == {"old": LookupKind.GONE.value}


def test_nothing_is_removed_by_a_clock_that_was_not_confirmed(desk):
    desk.store(a_video("a", looked_up=True))
    desk.clock.moment = START + 28 * DAY

    desk.confirmed = False
    assert not desk.lookups.remove_expired(desk.clock.now())

    desk.confirmed = True
    assert desk.lookups.remove_expired(desk.clock.now())
    assert desk.published() == {"a": LookupKind.GONE.value}


def test_without_units_nothing_is_asked_but_what_is_too_old_is_removed_all_the_same(desk):
    desk.youtube.unit_fault = lambda _: youtube_errors.error(403, "used up", reason="quotaExceeded")
    desk.store(a_video("new"))
    with pytest.raises(NoCallLeftError):
        desk.work()

    with pytest.raises(NoCallLeftError):
        desk.work(MINUTE)
    assert len(desk.youtube.looked_up) == 1

    desk.clock.moment = START + 30 * DAY
    desk.lookups.remove_expired(desk.clock.now())
    assert desk.published() == {"new": LookupKind.GONE.value}


def test_an_index_that_is_away_is_said_so_once_and_nothing_is_asked(desk, caplog):
    class Away:
        def freshness(self) -> None:
            raise IndexUnavailableError("away")

    desk.lookups._index = Away()

    desk.work()
    desk.work(MINUTE)

    assert [record.getMessage() for record in caplog.records if record.getMessage() == "index_away"] == ["index_away"]
    assert desk.lookups.stored is None
