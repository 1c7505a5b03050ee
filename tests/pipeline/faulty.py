"""What the fault runs have in common: a YouTube that fails, forgets and comes late, and a stack that asks it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson

from tests.command_line import CommandLine
from tests.pipeline.emulator import RunningEmulator

FAULTS = {
    "late_rate": 0.2,
    "late_by": 4,
    "error_rate": 0.1,
    "slow_rate": 0.05,
    "slow_by": 0.5,
    "wrong_page_rate": 0.15,
    "token_loss_rate": 0.15,
}


@contextmanager
def faulty_youtube(
    directory: Path, videos: Iterable[dict[str, object]], **options: object
) -> Iterator[RunningEmulator]:
    """A running emulator of these videos, the newest as if published now, with every fault it knows."""
    catalogue = directory / "videos.jsonl"
    catalogue.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in videos))
    now = iso(datetime.now(UTC))
    emulator = RunningEmulator(directory, catalogue=catalogue, newest_at=now, arriving_from=now, **FAULTS, **options)
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.stop()


@contextmanager
def stack_that_asks(youtube: RunningEmulator, directory: Path, **settings: str) -> Iterator[CommandLine]:
    """A stack to be started, with these settings; it polls all the time, and YouTube itself says when quota ends."""
    line = CommandLine(
        directory,
        {
            "STACK": "embedded",
            "YOUTUBE_API_URL": youtube.url,
            "SUBJECTS_SINCE": "2020-01-01",
            "SEARCHES_PER_DAY": "100000",
            "POLL_INTERVAL": "1",
            **settings,
        },
    )
    try:
        yield line
    finally:
        line.close()


def a_video(video_id: str, number: int, title: str, channel: str) -> dict[str, object]:
    """A line of the catalogue; the numbers say which is newer."""
    published = iso(datetime.fromtimestamp(1_600_000_000 + 600 * number, UTC))
    return {"videoId": video_id, "publishedAt": published, "title": title, "channelTitle": channel}


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
