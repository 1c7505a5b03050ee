"""An engine, without which these tests are skipped with the reason, or fail with REQUIRE_DOCKER=1; and the stack."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from stack.docker_engine import problem
from tests.docker.composed import Composed
from tests.pipeline.faulty import a_video, iso

TITLES = ("Kettle {} & its whistle", "A teapot, no. {}", "Samovar {}")
THERE, ARRIVING, EVERY_S = 2400, 400, 0.45


@pytest.fixture(scope="session")
def engine() -> None:
    """A Docker engine answers."""
    reason = problem()
    if reason is None:
        return
    if os.environ.get("REQUIRE_DOCKER") == "1":
        pytest.fail(f"Docker is required, and {reason}", pytrace=False)
    pytest.skip(f"{reason}: start one, then make test-docker")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, object]]:
    """Videos by id: what the emulator serves, and so what is to be found in the end."""
    videos = [
        a_video(f"vessel-{n:05}", n, TITLES[n % len(TITLES)].format(n), f"Household {n % 7}")
        for n in range(THERE + ARRIVING)
    ]
    return {str(video["videoId"]): video for video in videos}


@pytest.fixture(scope="module")
def stack(
    engine: None, catalogue: dict[str, dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """All but Kibana, started from nothing and running, while new videos appear."""
    directory = tmp_path_factory.mktemp("docker")
    # Docker's user reads it as well.
    for each in (directory, directory.parent, directory.parent.parent):
        each.chmod(0o755)
    file = directory / "videos.jsonl"
    file.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in catalogue.values()))
    composed = Composed(f"topicreel-test-{os.getpid()}", settings(file))
    try:
        composed.up()
        yield composed
    finally:
        composed.remove()


def settings(file: Path) -> dict[str, str]:
    now = iso(datetime.now(UTC))
    arriving = f"--newest-at {now} --arriving {ARRIVING} --arriving-every {EVERY_S} --arriving-from {now}"
    return {
        "CATALOGUE": str(file),
        "CATALOGUE_INSIDE": "/catalogue.jsonl",
        "EMULATOR_ARGUMENTS": f"--catalogue /catalogue.jsonl {arriving}",
        "YOUTUBE_API_URL": "http://youtube_emulator:8080/youtube/v3",
        "YOUTUBE_API_KEYS": "key-of-the-docker-tests",
        "SUBJECTS": "kettle;teapot;samovar",
        "SUBJECTS_SINCE": "2020-01-01",
        "SEARCHES_PER_DAY": "100000",
        "POLL_INTERVAL": "2",
        "FOLLOW_CHANNELS": "0",
        "SIMULATED": "1",
    }
