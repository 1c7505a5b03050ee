"""What YouTube gave is refreshed or removed within 30 days: producer, log, processor and index on a moved clock."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from event_log.embedded import EmbeddedLog
from processor.batch import BatchProcessor
from processor.reading import TOPICS
from producer.http import httpx
from schemas import VIDEOS
from schemas.groups import PROCESSOR_GROUP
from tests.producer import youtube_errors
from tests.producer.model_search import START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import HandClock, World
from waiting import Patience

DAY = timedelta(days=1)
ALLOWED = timedelta(days=30)


class Pipeline:
    """A world with a processor that keeps up with the producer, and that looks at the age of what is stored."""

    def __init__(self, directory, videos: list[ModelVideo]) -> None:
        clock = HandClock(START + DAY, stride=3600)
        self.world = World(directory, clock, {"tea": ModelSearch(videos, now=clock.now)}, poll_interval=6 * 3600)
        log = EmbeddedLog(directory / "log.sqlite")
        self._consumer = log.consumer(PROCESSOR_GROUP, [topic.name for topic in TOPICS])
        self._batches = BatchProcessor(log, self.world.index, Patience(Event()), clock=clock.now)
        self.oldest = timedelta()
        self._plan()

    def run(self, days: float) -> None:
        self.world.run(START + days * DAY)
        self.process()

    def process(self) -> None:
        while records := self._consumer.poll(500, 0):
            self._batches.process(records)
            self._consumer.commit()
        oldest = self.world.index.freshness().oldest
        if oldest is not None:
            self.oldest = max(self.oldest, self.world.clock.now() - oldest)

    def indexed(self, videos: list[ModelVideo]) -> set[str]:
        found = self.world.index.get([video.id for video in videos])
        return {each.video.video_id for each in found if each is not None}

    def feed(self) -> dict[str, bool]:
        """Whether a video's newest record on the feed is a document, and not a tombstone."""
        return {record.key or "": record.value is not None for record in self.world.read(VIDEOS.name)}

    def _plan(self) -> None:
        def next_hour() -> None:
            self.process()
            self._plan()

        self.world.clock.plan(self.world.clock.moment + timedelta(hours=1), next_hour)


@pytest.fixture
def videos() -> list[ModelVideo]:
    return videos_at(*range(0, 86_000, 700))


def test_everything_is_refreshed_and_what_is_gone_from_youtube_goes(tmp_path, videos):
    pipeline = Pipeline(tmp_path, videos)
    pipeline.run(3)
    assert pipeline.indexed(videos) == {video.id for video in videos}
    assert pipeline.world.index.freshness().without_details == 0

    gone = {video.id for video in videos[::5]}
    pipeline.world.youtube.gone |= gone
    model = pipeline.world.youtube.models["tea"]
    model.videos = [video for video in videos if video.id not in gone]
    pipeline.run(33)

    assert pipeline.oldest < ALLOWED
    assert pipeline.indexed(videos) == {video.id for video in videos} - gone
    assert {video for video, kept in pipeline.feed().items() if not kept} == gone


FAILURES: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "YouTube is away": lambda _: youtube_errors.backend_error(),
    "the key is refused": lambda _: youtube_errors.invalid_key(),
    "the units are used up": lambda _: youtube_errors.error(403, "used up", reason="quotaExceeded"),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_cannot_be_refreshed_is_removed_from_index_and_feed(tmp_path, videos, failure):
    pipeline = Pipeline(tmp_path, videos)
    pipeline.run(3)

    pipeline.world.youtube.fault = failure
    pipeline.world.youtube.unit_fault = failure
    pipeline.run(33)

    assert pipeline.oldest < ALLOWED
    assert not pipeline.indexed(videos)
    assert set(pipeline.feed()) == {video.id for video in videos}
    assert not any(pipeline.feed().values())
