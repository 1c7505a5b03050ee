"""A YouTube that fails, forgets and comes late, and videos that appear while it is polled: nothing is lost, and no
key is written anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.process import wait_until
from tests.command_line import CommandLine
from tests.pipeline.emulator import RunningEmulator
from tests.pipeline.faulty import a_video, faulty_youtube, stack_that_asks
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
def youtube(tmp_path: Path) -> Iterator[RunningEmulator]:
    videos = [a_video(f"kettle-{n:05d}", n, f"Kettle number {n} & its whistle", "Kettles") for n in range(VIDEOS)]
    with faulty_youtube(
        tmp_path, videos, arriving=ARRIVING, arriving_every=0.1, searches_per_day=100_000
    ) as emulator:
        yield emulator


@pytest.fixture
def stack(tmp_path: Path, youtube: RunningEmulator) -> Iterator[CommandLine]:
    keys = ",".join(KEYS)
    with stack_that_asks(youtube, tmp_path / "stack", YOUTUBE_API_KEYS=keys, SUBJECTS="kettle") as stack:
        yield stack


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
