"""The examples, run as they stand against a running service."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx2
import pytest

from tests.page.library import arrive, plain_video
from tests.page.running import Running, running
from tests.query_api.test_stream import new_video
from tests.video_index.contract import fill

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKEN = "token-of-the-test"
VIDEOS = 120
"""More than fit on two pages."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with an admin token, many videos of street food, and one of something else."""
    with running(tmp_path_factory.mktemp("examples"), admin_token=TOKEN) as service:
        fill(service.index, (plain_video(f"food-{number}", f"Street food {number}") for number in range(VIDEOS)))
        fill(service.index, [plain_video("other", "Something else")])
        yield service


def start(
    service: Running, name: str, *words: str, token: str = TOKEN, cwd: Path = EXAMPLES
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["sh" if name.endswith(".sh") else sys.executable, str(EXAMPLES / name), *words],
        env={**os.environ, "TOPICREEL_URL": service.url, "ADMIN_TOKEN": token, "NO_PROXY": "*", "no_proxy": "*"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        start_new_session=True,
    )


def run(example: subprocess.Popen[str]) -> list[str]:
    """The lines that it printed."""
    out, err = example.communicate(timeout=60)
    assert example.returncode == 0, out + err
    return out.splitlines()


@pytest.mark.parametrize("name", ["search.sh", "search.py"])
def test_search_prints_every_video_once(service: Running, name: str) -> None:
    lines = run(start(service, name, "street food"))

    assert len(set(lines)) == len(lines) == VIDEOS
    assert all("https://www.youtube.com/watch?v=food-" in line and "Street food" in line for line in lines)


@pytest.mark.parametrize("name", ["search.sh", "search.py", "export.py", "feed.py"])
def test_a_search_that_is_refused_says_why(service: Running, name: str) -> None:
    example = start(service, name, '"open')
    _, err = example.communicate(timeout=60)

    assert example.returncode != 0
    assert "quote" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in {".sh", ".py"}))
def test_without_words_each_says_how_it_is_called(service: Running, name: str) -> None:
    example = start(service, name)
    _, err = example.communicate(timeout=60)

    assert example.returncode != 0
    assert f"examples/{name}" in err


@pytest.mark.parametrize("name", ["follow.sh", "follow.py"])
def test_follow_follows(service: Running, name: str) -> None:
    [line] = run(start(service, name, f"cats of {name}"))

    followed = {each["query"]: each["id"] for each in httpx2.get(f"{service.url}/subjects", trust_env=False).json()}
    assert followed[f"cats of {name}"] in line


def test_follow_says_what_is_missing(service: Running) -> None:
    example = start(service, "follow.py", "cats", token="")
    _, err = example.communicate(timeout=60)

    assert example.returncode != 0
    assert "ADMIN_TOKEN" in err


def test_export_writes_a_file(service: Running, tmp_path: Path) -> None:
    run(start(service, "export.sh", "street food", cwd=tmp_path))

    [file] = tmp_path.iterdir()
    assert file.suffix == ".csv"
    assert len(file.read_text().splitlines()) == VIDEOS + 1


def test_export_counts_by_channel(service: Running) -> None:
    [line] = run(start(service, "export.py", "street food"))

    assert line.startswith(f"{VIDEOS} ")


def test_the_feed_is_printed_while_it_is_new(service: Running, tmp_path: Path) -> None:
    seen = str(tmp_path / "seen")

    assert "<entry>" in "".join(run(start(service, "feed.sh", "street food", seen)))
    assert run(start(service, "feed.sh", "street food", seen)) == []


def test_the_feed_is_read(service: Running) -> None:
    lines = run(start(service, "feed.py", "street food"))

    assert len(lines) == 50
    assert all("Street food" in line for line in lines)


@pytest.mark.parametrize("name", ["stream.sh", "stream.py"])
def test_a_video_that_is_found_is_printed(service: Running, name: str) -> None:
    example = start(service, name, "fresh")
    try:
        assert example.stdout is not None
        for number in count():
            assert number < 60, "nothing was printed"
            arrive(service, new_video(f"{name}-{number}", "Something fresh"))
            if select.select([example.stdout], [], [], 0.5)[0]:
                break
        line = example.stdout.readline()
    finally:
        os.killpg(example.pid, signal.SIGTERM)  # a shell, and what it started
        example.communicate(timeout=10)

    assert f"watch?v={name}-" in line
    assert "Something fresh" in line
