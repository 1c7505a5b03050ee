"""A day's quota that ends twice, a YouTube that fails, forgets and comes late, and parts that are killed meanwhile:
every video is found in the end, no search was made that is not in the ledger, and no key is written anywhere."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from event_log.embedded import EmbeddedLog
from event_log.open import EMBEDDED_FILE
from producer.quota import next_reset
from schemas import POLL_STATE, ProjectQuota
from stack.process import wait_until
from tests.command_line import CommandLine
from tests.pipeline.emulator import RunningEmulator
from tests.pipeline.faulty import a_video, faulty_youtube, stack_that_asks
from tests.pipeline.secrecy import assert_on_no_command_line, assert_written_nowhere
from youtube_emulator.keys import Projects

pytestmark = [pytest.mark.pipeline, pytest.mark.timeout(240)]

SHARED = ("AIzaSyFirstKeyOfAProjectThatNobodyMaySee", "AIzaSySecondKeyOfThatProjectNobodyMaySe")
SPARE = "AIzaSyKeyOfAnotherProjectThatNobodySees"
LAST = "AIzaSyKeyOfTheLastProjectThatNobodySees"
REFUSED = "invalid-key-nobody-sees"
KEYS = (*SHARED, SPARE, LAST, REFUSED)
PROJECTS = Projects(dict.fromkeys(SHARED, "shared"))

SUBJECTS = ("kettle -loud", '"blue teapot"|samovar')
TITLES = ("Kettle {}", "A loud kettle {}", "Blue teapots, one blue teapot {}", "Teapot, blue {}", "Samovar no. {}")
WANTED = (0, 2, 4)
VIDEOS, ARRIVING, EVERY_S = 700, 100, 0.4

SEARCHES_PER_DAY = 25
PHASE_S, ENOUGH_S = 60.0, 90.0
KILLS_A_PHASE = 3


@pytest.fixture
def youtube(tmp_path: Path) -> Iterator[RunningEmulator]:
    videos = [a_video(video_id(n), n, TITLES[n % len(TITLES)].format(n), f"Household {n % 7}") for n in range(VIDEOS)]
    with faulty_youtube(
        tmp_path,
        videos,
        arriving=ARRIVING,
        arriving_every=EVERY_S,
        quota_file=tmp_path / "quota.json",
        searches_per_day=SEARCHES_PER_DAY,
        project="shared=" + ",".join(SHARED),
    ) as emulator:
        yield emulator


@pytest.fixture
def stack(tmp_path: Path, youtube: RunningEmulator) -> Iterator[CommandLine]:
    keys, subjects = ",".join((REFUSED, *SHARED)), ";".join(SUBJECTS)
    with stack_that_asks(youtube, tmp_path / "stack", YOUTUBE_API_KEYS=keys, SUBJECTS=subjects) as stack:
        yield stack


def video_id(number: int) -> str:
    return f"pottery{number:04}"


def test_every_video_is_found_though_quota_ends_youtube_fails_and_parts_die(
    youtube: RunningEmulator, stack: CommandLine
) -> None:
    if next_reset(datetime.now(UTC)) - datetime.now(UTC) < timedelta(minutes=5):
        pytest.skip("the day of the quota ends within the test: midnight Pacific time is less than 5 minutes away")
    killer = Killer(stack)
    stack.succeed("up")

    # given a day of which all searches are used up, and another project's as well
    assert killer.kill_until(lambda: is_used_up(youtube, SHARED[0]), PHASE_S), youtube.used()
    post_key(stack, SPARE)
    assert killer.kill_until(lambda: is_used_up(youtube, SPARE), PHASE_S), youtube.used()

    # when there is a project with enough of them, once YouTube is back
    youtube.stop()
    killer.kill()
    youtube.start(searches_per_day=100_000)
    post_key(stack, LAST)
    expected = {video_id(number) for number in range(VIDEOS) if number % len(TITLES) in WANTED}
    killer.kill_until(lambda: count(stack) >= len(expected), ENOUGH_S)

    # then
    assert expected - found(stack) == set(), "these are missed"
    assert found(stack) - expected == set(), "these fit no subject"
    assert_on_no_command_line(stack, KEYS)
    stack.succeed("down")  # files of the index come and go while it runs
    assert_written_nowhere(stack, KEYS)
    used = youtube.used()
    assert 0 < sum(each["searches"] for each in used.values()) <= reserved(stack)
    for key in (SHARED[0], SPARE):
        project = used[PROJECTS.project_of(key).consumer]
        assert project["searches"] == SEARCHES_PER_DAY
        assert project["refused"] <= len(SHARED) + killer.kills, "it was asked again though its day was over"


@dataclass
class Killer:
    """Kills parts of a stack, the supervisor included, at moments that a seed says."""

    stack: CommandLine
    chance: random.Random = field(default_factory=lambda: random.Random(20_261_124))
    kills: int = 0

    def kill_until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Kills a few parts until the condition holds, or waits for it afterwards; whether it holds."""
        deadline = time.monotonic() + within_s
        for _ in range(KILLS_A_PHASE):
            if wait_until(condition, self.chance.uniform(1.0, 4.0)):
                return True
            self.kill()
        return wait_until(condition, deadline - time.monotonic())

    def kill(self) -> None:
        """Kills a part and waits until it is there again."""
        part = self.chance.choice(sorted(self.stack.parts()))
        pid = self.stack.pid(part)
        assert_on_no_command_line(self.stack, KEYS)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.kills += 1
        if part == "supervisor":
            self.stack.succeed("up")
        assert wait_until(lambda: self.stack.parts().get(part) not in (pid, None), PHASE_S), (
            f"{part} did not come back"
        )


def is_used_up(youtube: RunningEmulator, key: str) -> bool:
    """Whether YouTube has told so."""
    project = youtube.used().get(PROJECTS.project_of(key).consumer)
    return project is not None and project["searches"] == SEARCHES_PER_DAY and project["refused"] > 0


def post_key(stack: CommandLine, key: str) -> None:
    """Adds a key, as a person would who tries again when the API does not answer."""

    def posted() -> bool:
        try:
            stack.post("/add_api_key", {"key": key})
        except OSError:
            return False
        return True

    assert wait_until(posted, PHASE_S)


def count(stack: CommandLine) -> int:
    try:
        return int(stack.get("/get", limit=1)["total"]["value"])
    except OSError:
        return -1


def found(stack: CommandLine) -> set[str]:
    """The ids of all videos, each of which is there once."""
    assert wait_until(stack.is_ready, PHASE_S)
    pages = [stack.get("/get", limit=50, page=number + 1)["items"] for number in range(count(stack) // 50 + 1)]
    ids = [str(item["video_id"]) for page in pages for item in page]
    assert len(ids) == len(set(ids))
    return set(ids)


def reserved(stack: CommandLine) -> int:
    """The searches that the producer's ledgers hold."""
    path = Path(stack.environment["DATA_DIR"]) / EMBEDDED_FILE
    with EmbeddedLog(path) as log:
        records = log.reader([POLL_STATE.name]).read_to_end()
    ledgers = {record.key: record.value for record in records if record.key and record.key.startswith("project/")}
    return sum(ProjectQuota.model_validate_json(value).searches for value in ledgers.values() if value)
