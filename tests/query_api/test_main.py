import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.loopback import get
from tests.query_api.running import Running, ended
from tests.query_api.service import KEY

SECRET = "a-very-secret-value"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The service alone, on a directory in which nothing has run before."""
    running = Running(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_alone_it_answers_takes_changes_and_ends_with_0(running: Running, number: signal.Signals) -> None:
    running.post("/subjects", {"query": "cats"})
    running.post("/add_api_key", {"key": KEY})
    page = get(f"{running.url}/search?q=cats")
    assert page is not None
    assert page.status == 200

    assert running.end(number) == 0

    written = running.log.read_text()
    assert "Traceback" not in written
    assert KEY not in written
    assert "subject_followed" in written
    [line] = [line for line in written.splitlines() if " request " in line and "route=/search " in line]
    assert re.search(r" method=GET route=/search status=200 ms=[0-9.]+ client=127.0.0.1 request=[0-9a-f]{32}$", line)


def test_a_higher_level_leaves_the_lines_of_requests_out(tmp_path: Path) -> None:
    running = Running(tmp_path, LOG_LEVEL="warning")

    assert running.end(signal.SIGTERM) == 0

    assert " request " not in running.log.read_text()


def refused(directory: Path, **settings: str) -> str:
    """The one line with which the service ends when these settings cannot be used."""
    result = ended(directory, **settings)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert "cannot_start" in line
    assert "Traceback" not in line
    assert SECRET not in line
    return line


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        pytest.param({"API_HOST": "0.0.0.0"}, "ADMIN_TOKEN", id="off loopback without a token"),  # noqa: S104
        pytest.param({"API_PORT": SECRET}, "API_PORT", id="no port"),
        pytest.param({"ALLOWED_HOSTS": "videos.example"}, "ADMIN_TOKEN", id="behind a gateway without a token"),
        pytest.param({"LOG_LEVEL": SECRET}, "LOG_LEVEL", id="no level"),
        pytest.param({"SUBJECTS_SINCE": SECRET}, "SUBJECTS_SINCE", id="no date"),
        pytest.param({"STACK": SECRET}, "STACK", id="no stack"),
        pytest.param({"ENCRYPTION_KEY": SECRET, "ADMIN_TOKEN": SECRET}, "ENCRYPTION_KEY", id="no Fernet key"),
    ],
)
def test_settings_that_cannot_be_are_one_line_and_the_code_2(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    assert named in refused(tmp_path, **settings)


def test_data_that_cannot_be_used_is_one_line_and_the_code_2(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a directory")

    assert "data" in refused(tmp_path)


def test_a_log_that_cannot_be_opened_now_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "data" / "log.sqlite").mkdir(parents=True)

    result = ended(tmp_path)

    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert "log.sqlite" in line


def test_a_port_that_is_taken_is_told_without_a_traceback(tmp_path: Path, running: Running) -> None:
    result = ended(tmp_path, API_PORT=running.url.rpartition(":")[2])

    assert result.returncode != 0
    assert "address already in use" in result.stderr
    assert "Traceback" not in result.stderr


def test_with_a_stream_open_it_ends_promptly_and_quietly_and_ends_the_stream(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as page:
        page.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = page.recv(65_536)
        began = time.monotonic()

        assert running.end(signal.SIGTERM) == 0

        assert time.monotonic() - began < 4
        told += b"".join(iter(lambda: page.recv(65_536), b""))
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.endswith(b"\r\n0\r\n\r\n")
    written = running.log.read_text()
    assert "Traceback" not in written
    assert " ERROR " not in written
