"""A YouTube that fails, forgets and comes late, and videos that appear while it is polled: nothing is lost, and no
key is written anywhere."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil
import pytest

from stack.loopback import listens
from stack.ports import free_port
from stack.process import end, wait_until
from tests.command_line import CommandLine

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
def faulty_youtube(tmp_path: Path) -> Iterator[str]:
    """The base URL of an emulator with every fault it knows."""
    catalogue = tmp_path / "videos.jsonl"
    catalogue.write_bytes(b"".join(orjson.dumps(video(number)) + b"\n" for number in range(VIDEOS)))
    port = free_port()
    options = {
        "port": port,
        "catalogue": catalogue,
        "newest-at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "arriving": ARRIVING,
        "arriving-every": 0.1,
        "searches-per-day": 100_000,
        "late-rate": 0.2,
        "late-by": 4,
        "error-rate": 0.1,
        "slow-rate": 0.05,
        "slow-by": 0.5,
        "wrong-page-rate": 0.15,
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with (tmp_path / "emulator.log").open("wb") as log:
        emulator = subprocess.Popen([sys.executable, "-m", "youtube_emulator", *arguments], stdout=log, stderr=log)
    assert wait_until(lambda: listens(port), WITHIN_S), (tmp_path / "emulator.log").read_text()
    yield f"http://127.0.0.1:{port}/youtube/v3"
    end(emulator, 10)


@pytest.fixture
def stack(tmp_path: Path, faulty_youtube: str) -> Iterator[CommandLine]:
    line = CommandLine(
        tmp_path / "stack",
        {
            "STACK": "embedded",
            "YOUTUBE_API_URL": faulty_youtube,
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


def assert_written_nowhere(stack: CommandLine, secrets: tuple[str, ...]) -> None:
    """No file that the stack wrote, as log, record or index, holds a key as it is."""
    files = [path for path in stack.working_directory.rglob("*") if path.is_file()]
    assert stack.directory.log_file("embedded") in files
    for path in files:
        content = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, f"a key stands in {path}"


def assert_on_no_command_line(stack: CommandLine, secrets: tuple[str, ...]) -> None:
    for pid in stack.parts().values():
        command = " ".join(psutil.Process(pid).cmdline())
        assert command
        assert not any(secret in command for secret in secrets)
