"""Whom the whole producer follows in its tests, and what is seen of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from schemas import POLL_STATE, RAW, SubjectProgress, subject_id
from tests.producer.model_search import START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import HandClock, World

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY_STARTS = START + timedelta(hours=8)
"""Midnight Pacific time, before daylight saving."""


def a_world(directory: Path, *videos: ModelVideo, start=START + HOUR, cap: int = 500, stride: float = 20, **settings):
    """One subject, `tea`, whose search shows `videos`."""
    clock = HandClock(start, stride=stride)
    model = ModelSearch(videos, cap=cap, now=clock.now)
    return World(directory, clock, {"tea": model}, **{"poll_interval": 600} | settings)


def two_subjects(directory: Path, **settings) -> World:
    clock = HandClock(START + HOUR, stride=20)
    models = {name: ModelSearch(videos_at(5, 4000, 9000, prefix=name), now=clock.now) for name in ("bad", "good")}
    return World(directory, clock, models, **{"poll_interval": 900} | settings)


def tea_progress(world: World) -> SubjectProgress:
    return world.notes().progress[subject_id("tea")]


def ended(world: World) -> Callable[[], None]:
    """Ends the producer's run, as an action for the clock."""

    def end() -> None:
        world.clock.asked_to_stop = True

    return end


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
