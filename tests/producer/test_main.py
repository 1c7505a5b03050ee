"""The producer as a process, on the embedded log."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from event_log.embedded import EmbeddedLog
from schemas import ALL_TOPICS, CONTROL, POLL_STATE, RAW
from tests.producer.scripted import KEYS, read_all

ROOT = Path(__file__).parents[2]


class Empty(BaseHTTPRequestHandler):
    """A YouTube without videos."""

    def do_GET(self) -> None:
        body = b'{"kind": "youtube#searchListResponse", "items": [{"id": {"videoId": "one"}, "snippet": {}}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the tests' terminal."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/youtube/v3"
    server.shutdown()
    server.server_close()


def a_process(directory: Path, **environment: str) -> subprocess.Popen[str]:
    (directory / "cwd").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "producer"],
        cwd=directory / "cwd",
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
            "STACK": "embedded",
            "DATA_DIR": str(directory / "data"),
            **environment,
        },
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(directory: Path, **environment: str) -> tuple[int, str]:
    process = a_process(directory, **environment)
    _, said = process.communicate(timeout=20)
    return process.returncode, said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_works_until_a_signal_ends_it_with_exit_code_0(tmp_path, url, how):
    process = a_process(tmp_path, YOUTUBE_API_URL=url, YOUTUBE_API_KEYS=KEYS[0], SUBJECTS="tea")
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if "poll_finished" in line:
            break
    process.send_signal(how)
    rest = process.stderr.read()

    assert process.wait(10) == 0
    assert "stopped" in rest
    assert KEYS[0] not in "".join(said) + rest
    with EmbeddedLog(tmp_path / "data" / "log.sqlite") as log:
        assert {record.key for record in read_all(log, RAW.name)} == {"one"}
        everything = read_all(log, *(topic.name for topic in ALL_TOPICS))
    assert {record.topic for record in everything} == {RAW.name, CONTROL.name, POLL_STATE.name}
    assert not [record for record in everything if KEYS[0].encode() in (record.value or b"")]


def test_unusable_settings_end_it_with_code_2_and_one_line_without_a_key(tmp_path):
    code, said = refused(tmp_path, YOUTUBE_API_KEYS="not a key,another-bad-key!", POLL_INTERVAL="often")

    assert code == 2
    (line,) = said.splitlines()
    assert "cannot_start" in line
    assert "YOUTUBE_API_KEYS: " in line
    assert "POLL_INTERVAL: " in line
    assert "not a key" not in said
    assert "another-bad-key!" not in said


def test_an_unusable_secret_ends_it_with_code_2(tmp_path):
    code, said = refused(tmp_path, ENCRYPTION_KEY="nonsense")

    assert (code, "ENCRYPTION_KEY is not a Fernet key" in said) == (2, True)


def test_a_data_directory_that_cannot_be_used_ends_it_with_code_2(tmp_path):
    (tmp_path / "data").write_text("a file")

    code, said = refused(tmp_path)

    assert code == 2
    assert "Traceback" not in said


def test_a_log_that_cannot_be_opened_ends_it_with_code_1_and_says_what_to_do(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "log.sqlite").write_bytes(b"not a database, and long enough to be seen as none" * 100)

    code, said = refused(tmp_path)

    assert code == 1
    assert "move it away" in said
    assert "Traceback" not in said
