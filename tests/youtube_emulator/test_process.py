"""The program itself: started, asked, killed and started again."""

import gzip
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from producer.http import httpx
from stack.emulator import describe, list_subjects
from stack.ports import free_port
from youtube_emulator.times import format_time

COMMAND = (sys.executable, "-m", "youtube_emulator")
WINDOW_S = 3600


def catalogue(path: Path, count: int = 60) -> Path:
    rows = [
        {
            "videoId": f"video{number:03}",
            "publishedAt": f"2017-11-14T10:{number:02}:00Z",
            "title": ("Tennis", "Yoga", "Chess")[number % 3],
        }
        for number in range(count)
    ]
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return path


@contextmanager
def running(port: int, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, once it has said that it serves, and what it said."""
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def ask(port: int, method: str = "search", **params: str) -> Any:
    asked = {"part": "snippet", "type": "video", "order": "date", "maxResults": "50", "key": "my-secret-key"}
    answer = httpx.get(f"http://127.0.0.1:{port}/youtube/v3/{method}", params=asked | params, trust_env=False)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and what is said, which is one line."""
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    return ended.returncode, ended.stderr


def test_made_up_videos_are_the_same_after_a_kill():
    port = free_port()
    now = int(time.time())
    window = {"publishedAfter": format_time(now - WINDOW_S), "publishedBefore": format_time(now - 1)}

    with running(port) as (process, said):
        assert "simulated" in said
        assert f"http://127.0.0.1:{port}/youtube/v3" in said
        before = ask(port, **window)
        process.kill()
        process.wait()
    with running(port):
        after = ask(port, **window)

    assert before == after
    assert len(before["items"]) == 50


def test_arrivals_are_the_same_after_a_kill(tmp_path: Path):
    path = catalogue(tmp_path / "c.gz")
    port = free_port()
    start = format_time(int(time.time()) - 200)
    arguments = ("--catalogue", str(path), "--arriving", "30", "--arriving-every", "10", "--arriving-from", start)

    with running(port, *arguments) as (process, said):
        assert "simulated" in said
        before = ask(port)
        process.kill()
        process.wait()
    with running(port, *arguments):
        after = ask(port)

    assert 50 >= len(after["items"]) >= len(before["items"]) > 30
    assert after["items"][-len(before["items"]) :][-20:] == before["items"][-20:]
    assert before["items"][0] in after["items"]


def test_the_quota_used_and_the_clock_outlive_a_kill(tmp_path: Path):
    port = free_port()
    arguments = ("--quota-file", str(tmp_path / "quota.json"), "--searches-per-day", "3", "--clock-skew", "-7200")
    for _ in range(3):
        with running(port, *arguments) as (process, _said):
            ask(port)
            process.kill()
            process.wait()

    with running(port, *arguments):
        address = f"http://127.0.0.1:{port}"
        used_up = httpx.get(f"{address}/youtube/v3/search", params={"key": "my-secret-key"}, trust_env=False)
        counts = httpx.get(f"{address}/emulator/counts", trust_env=False).json()

    behind = time.time() - parsedate_to_datetime(used_up.headers["Date"]).timestamp()
    assert used_up.status_code == 429
    assert 7199 <= behind < 7300
    assert [used["searches"] for used in counts["ever"].values()] == [3]
    assert "secret" not in (tmp_path / "quota.json").read_text()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_and_tells_no_key(by: signal.Signals):
    port = free_port()
    with running(port) as (process, _):
        ask(port)
        process.send_signal(by)
        said = process.communicate(timeout=20)

    assert process.returncode == 0
    assert said == ("", "")


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--port", str(port))

    assert code == 1
    assert said.startswith(f"error: --port {port}: something else listens")


def test_a_catalogue_that_cannot_be_used_is_refused(tmp_path: Path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"videoId": "a"}\n')

    code, said = refused("--port", "0", "--catalogue", str(bad))
    assert code == 2
    assert said.startswith(f"error: {bad}: line 1 lacks publishedAt")
    assert refused("--describe", "--catalogue", str(tmp_path / "none"))[0] == 2
    assert refused("--list-subjects", "--skip-bad-lines", "--catalogue", str(tmp_path))[0] == 2
    assert refused("--port", "0", "--quota-file", str(bad))[0] == 2
    assert refused()[0] == 2


def test_bad_lines_are_reported_and_left_out(tmp_path: Path):
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"videoId": "a", "publishedAt": "2017-11-14T10:00:00Z", "title": "Tea"}\nnot json\n')

    ended = subprocess.run(
        [*COMMAND, "--describe", "--catalogue", str(path), "--skip-bad-lines"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 0
    assert json.loads(ended.stdout)["videos"] == 1
    assert ended.stderr.startswith(f"left out: {path}: line 2 is not JSON")


def test_the_stack_learns_what_a_catalogue_holds(tmp_path: Path):
    path = str(catalogue(tmp_path / "c.gz"))

    assert describe(path).first_published == "2017-11-14T10:00:00Z"
    assert list_subjects(path) == ["chess", "tennis", "yoga"]


def test_the_stack_learns_what_is_made_up():
    subjects = list_subjects(None)

    assert 3 <= len(subjects) <= 5
    assert not any(";" in subject for subject in subjects)
    assert describe(None).first_published < format_time(int(time.time()) - 6 * 86_400)
