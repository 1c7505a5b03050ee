"""A YouTube that fails, forgets and comes late, and videos that appear while it is polled: nothing is lost, and no
key is written anywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from stack.process import wait_until
from tests.command_line import CommandLine
from tests.pipeline.emulator import RunningEmulator
from tests.pipeline.secrecy import assert_on_no_command_line, assert_written_nowhere

pytestmark = pytest.mark.pipeline

KEYS = (
    "AIzaSyFirstKeyOfTheTestThatNobodyMaySee",
    "AIzaSySecondKeyOfTheTestThatNobodyMaySe",
    "invalid-key-nobody-sees",
)
VIDEOS = 700
ARRIVING = 150
WITHIN_S = 120.0


@pytest.fixture
def faulty_youtube(tmp_path: Path) -> Iterator[RunningEmulator]:
    """An emulator with every fault it knows."""
    catalogue = tmp_path / "videos.jsonl"
    catalogue.write_bytes(b"".join(orjson.dumps(video(number)) + b"\n" for number in range(VIDEOS)))
    emulator = RunningEmulator(
        tmp_path,
        catalogue=catalogue,
        newest_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        arriving=ARRIVING,
        arriving_every=0.1,
        searches_per_day=100_000,
        late_rate=0.2,
        late_by=4,
        error_rate=0.1,
        slow_rate=0.05,
        slow_by=0.5,
        wrong_page_rate=0.15,
        token_loss_rate=0.1,
    )
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def stack(tmp_path: Path, faulty_youtube: RunningEmulator) -> Iterator[CommandLine]:
    line = CommandLine(
        tmp_path / "stack",
        {
            "STACK": "embedded",
            "YOUTUBE_API_URL": faulty_youtube.url,
            "YOUTUBE_API_KEYS": ",".join(KEYS),
            "SUBJECTS": "kettle",
            "SUBJECTS_SINCE": "2020-01-01",
            "SEARCHES_PER_DAY": "100000",
            "POLL_INTERVAL": "1",
        },
    )
    yield line
    line.close()


def video(number: int) -> dict[str, object]:
    return {
        "videoId": f"kettle-{number:05d}",
        "publishedAt": datetime.fromtimestamp(1_600_000_000 + 600 * number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": f"Kettle number {number} & its whistle",
        "channelTitle": "Kettles",
    }


def test_every_video_is_found_in_the_end(stack: CommandLine) -> None:
    stack.succeed("up")

    assert wait_until(lambda: found(stack) == VIDEOS, WITHIN_S), f"{found(stack)} of {VIDEOS} are found"

    page = stack.get("/search", q='"its whistle"', limit=1)
    assert page["total"] == {"value": VIDEOS, "relation": "eq"}
    assert page["items"][0]["title"].endswith("& its whistle")
    assert_on_no_command_line(stack, KEYS)
    stack.succeed("down")  # files of the index come and go while it runs
    assert_written_nowhere(stack, KEYS)


def found(stack: CommandLine) -> int:
    return int(stack.get("/get", limit=1)["total"]["value"])
