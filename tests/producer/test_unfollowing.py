"""Videos of unfollowed subjects on a real log and index; the processor's part is played by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from processor.batch import BatchProcessor
from producer.outage import Outage
from producer.publisher import Publisher
from producer.unfollowing import Unfollowing
from schemas import ALL_TOPICS, CONTROL, LOOKUPS, Unfollowed
from tests.producer.model_search import START
from tests.producer.scripted import HandClock, read_all
from tests.producer.test_lookups import a_video
from video_index import IndexUnavailableError, SearchAnswer, SearchRequest, Write
from video_index.embedded import EmbeddedIndex
from waiting import Patience

MINUTES = timedelta(minutes=1)


class WeakIndex(EmbeddedIndex):
    """An index that can be away."""

    away = False

    def search(self, request: SearchRequest) -> SearchAnswer:
        if self.away:
            raise IndexUnavailableError("the index is away, for this test")
        return super().search(request)


class Desk:
    """The part of the producer that removes, with its log and index, from noon on."""

    def __init__(self, log: EmbeddedLog, index: WeakIndex) -> None:
        self.log, self.index = log, index
        self.clock = HandClock(START)
        self.followed: set[str] = set()
        self._processed = 0
        self.restart()

    def restart(self) -> None:
        publisher = Publisher(self.log, self.clock, Outage("log", lambda: 1.0))
        self.unfollowing = Unfollowing(
            log=self.log, appender=self.log, index=self.index, publisher=publisher, source="http://youtube.test"
        )

    def store(self, *names: str, subjects: tuple[str, ...] = ("tea",), seen: datetime = START) -> None:
        times = dict.fromkeys(("first_seen_at", "updated_at", "refreshed_at"), seen)
        videos = [a_video(name).model_copy(update={"subjects": subjects, **times}) for name in names]
        self.index.write([Write(video, None) for video in videos])

    def unfollow(self, subject: str = "tea") -> None:
        wish = Unfollowed(id=subject, unfollowed_at=self.clock.now())
        self.log.append([NewRecord(CONTROL.name, wish.key, wish.to_json())])

    def work(self, after: timedelta = timedelta()) -> None:
        """All that there is to do until `after`."""
        end = self.clock.now() + after
        while self.unfollowing.work(self.followed, self.clock.now()) or self.clock.now() < end:
            self.clock.advance(20)

    def process(self) -> None:
        """What the processor does with what was published meanwhile."""
        records = read_all(self.log, LOOKUPS.name)[self._processed :]
        self._processed += len(records)
        BatchProcessor(self.log, self.index, Patience(Event())).process(records)

    def told_gone(self) -> list[str | None]:
        return [record.key for record in read_all(self.log, LOOKUPS.name)]

    def is_stored(self, *names: str) -> list[bool]:
        return [found is not None for found in self.index.get(names)]

    def control(self) -> list[str | None]:
        """Keys of what is still to be removed."""
        newest = {record.key: record.value for record in read_all(self.log, CONTROL.name)}
        return [key for key, value in newest.items() if value is not None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log, WeakIndex(tmp_path / "index") as index:
        log.create_topics(ALL_TOPICS)
        index.ensure()
        yield Desk(log, index)


def test_what_only_an_unfollowed_subject_found_is_removed_and_the_rest_stays(desk: Desk) -> None:
    desk.store("a", "b")
    desk.store("shared", subjects=("coffee", "tea"))
    desk.store("other", subjects=("coffee",))
    desk.unfollow()

    desk.work()
    desk.process()

    assert desk.is_stored("a", "b", "shared", "other") == [False, False, True, True]


def test_without_a_wish_nothing_is_removed(desk: Desk) -> None:
    desk.store("a")

    desk.work(60 * MINUTES)

    assert desk.told_gone() == []


def test_a_large_subject_goes_in_batches_each_video_once(desk: Desk) -> None:
    names = [f"v{number:04}" for number in range(1_200)]
    desk.store(*names)
    desk.store("shared", subjects=("coffee", "tea"))
    desk.unfollow()

    desk.work()

    assert sorted(map(str, desk.told_gone())) == names


def test_the_wish_is_taken_back_when_a_later_pass_finds_nothing(desk: Desk) -> None:
    desk.store("a")
    desk.unfollow()
    desk.work()
    desk.process()
    assert desk.control() == ["unfollowed/tea"]

    desk.store("late")
    desk.work(16 * MINUTES)
    desk.process()

    assert desk.is_stored("late") == [False]
    desk.work(16 * MINUTES)
    assert desk.control() == []


def test_a_video_that_another_subject_finds_meanwhile_stays(desk: Desk) -> None:
    desk.store("a")
    desk.unfollow()
    desk.work()
    [stored] = desk.index.get(["a"])
    assert stored is not None
    both = stored.video.model_copy(update={"subjects": ("coffee", "tea")})
    desk.index.write([Write(both, stored.version)])

    desk.process()

    assert desk.is_stored("a") == [True]


def test_while_the_subject_is_followed_again_nothing_is_removed(desk: Desk) -> None:
    desk.store("a")
    desk.unfollow()
    desk.followed = {"tea"}

    desk.work(60 * MINUTES)

    assert desk.told_gone() == []


def test_a_producer_that_takes_over_begins_again_and_ends(desk: Desk) -> None:
    desk.store("a")
    desk.unfollow()
    desk.work()
    desk.restart()

    desk.work()
    desk.process()

    assert desk.is_stored("a") == [False]
    desk.work(16 * MINUTES)
    assert desk.control() == []


def test_an_index_that_is_away_is_waited_for(desk: Desk) -> None:
    desk.store("a")
    desk.unfollow()
    desk.index.away = True
    desk.work(2 * MINUTES)
    assert desk.told_gone() == []

    desk.index.away = False
    desk.work(2 * MINUTES)

    assert desk.told_gone() == ["a"]


def test_a_wish_that_cannot_be_read_holds_up_no_other(desk: Desk) -> None:
    desk.store("a")
    desk.log.append([NewRecord(CONTROL.name, "unfollowed/x", b"{broken")])
    desk.unfollow()

    desk.work()

    assert desk.told_gone() == ["a"]
