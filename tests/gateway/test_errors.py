"""What HAProxy answers itself, in front of a service of a few lines.

Where HAProxy is not installed this is skipped with the reason; with REQUIRE_ENGINES=1 it fails.
"""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from threading import Event, Thread

import pytest

from query_api.settings import ApiSettings
from stack.ports import free_port, listen_problem
from stack.process import wait_until

CONFIGURATION = Path(__file__).parents[2] / "gateway" / "haproxy.cfg"
PROBLEM = "application/problem+json"
HASTY = "300ms"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKS = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    status: int
    media_type: str | None
    problem: dict[str, object]


@pytest.fixture(scope="module")
def haproxy() -> str:
    found = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        reason = "HAProxy cannot be had here: apt-get install haproxy"
        pytest.fail(reason, pytrace=False) if os.environ.get("REQUIRE_ENGINES") == "1" else pytest.skip(reason)
    return found


class Replica:
    """Answers every request with `answer` and hangs up; with None it never answers."""

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.port: int = self._listening.getsockname()[1]
        self.asked = Event()
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # the end of the test
            while True:
                connection, _ = self._listening.accept()
                connection.recv(65536)
                self.asked.set()
                if self._answer is None:
                    self._held.append(connection)
                else:
                    connection.sendall(self._answer)
                    connection.close()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        for each in (self._listening, *self._held):
            each.close()


@contextmanager
def gateway(haproxy: str, directory: Path, replica: int) -> Iterator[int]:
    """The gateway as it is configured, but in a hurry and before one replica on loopback; gives its port."""
    port, file, trusted = free_port(), directory / "haproxy.cfg", directory / "trusted_proxies"
    trusted.touch()
    changed = {
        r"bind :8000": f"bind 127.0.0.1:{port}",
        r"/tmp/trusted_proxies": str(trusted),  # noqa: S108 - inside of the container
        r"timeout server .*": f"timeout server {HASTY}",
        r"default-server .*": "",
        r"server-template .*": f"server replica 127.0.0.1:{replica}",
    }
    text = CONFIGURATION.read_text()
    for pattern, replacement in changed.items():
        text, times = re.subn(pattern, replacement, text)
        assert times, pattern
    file.write_text(text)
    with subprocess.Popen([haproxy, "-db", "-f", str(file)], stderr=subprocess.PIPE) as process:
        try:
            assert wait_until(lambda: listen_problem("127.0.0.1", port) is not None, 10, lambda: bool(process.poll()))
            yield port
        finally:
            process.kill()


def answered(port: int, head: bytes, body: bytes = b"", sent_after: Event | None = None) -> Answer:
    """What comes back. The body is sent when the event has come."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(head)
        assert sent_after is None or sent_after.wait(10)
        client.sendall(body)
        with HTTPResponse(client) as answer:
            answer.begin()
            return Answer(answer.status, answer.headers["Content-Type"], json.load(answer))


@pytest.mark.parametrize(
    ("status", "answer"),
    [pytest.param(502, b"nonsense\r\n\r\n", id="no answer of HTTP"), pytest.param(504, None, id="none in time")],
)
def test_what_the_gateway_says_of_a_replica_is_a_problem(
    haproxy: str, tmp_path: Path, status: int, answer: bytes | None
) -> None:
    with closing(Replica(answer)) as replica, gateway(haproxy, tmp_path, replica.port) as port:
        told = answered(port, GET)

    assert (told.status, told.media_type, told.problem["status"]) == (status, PROBLEM, status)


def test_a_body_that_is_none_is_answered_with_a_problem(haproxy: str, tmp_path: Path) -> None:
    with closing(Replica(None)) as replica, gateway(haproxy, tmp_path, replica.port) as port:
        told = answered(port, CHUNKS, b"nonsense\r\n", sent_after=replica.asked)

    assert (told.status, told.media_type, told.problem["status"]) == (400, PROBLEM, 400)


def test_where_no_replica_listens_the_answer_is_a_problem(haproxy: str, tmp_path: Path) -> None:
    with gateway(haproxy, tmp_path, free_port()) as port:
        told = answered(port, GET)

    assert (told.status, told.media_type, told.problem["status"]) == (503, PROBLEM, 503)


def test_every_error_is_told_as_the_api_tells_its_own() -> None:
    lines = re.findall(r"http-error status (\d+) content-type (\S+) string '(.*)'", CONFIGURATION.read_text())

    assert {int(status) for status, _, _ in lines} >= {400, 408, 500, 502, 503, 504}
    for status, media_type, body in lines:
        problem = json.loads(body)
        assert media_type == PROBLEM
        assert problem.keys() == {"type", "title", "status", "detail"}
        assert (problem["status"], problem["title"]) == (int(status), HTTPStatus(int(status)).phrase)


def test_the_gateway_waits_longer_than_a_key_is_waited_for() -> None:
    [waits] = re.findall(r"timeout server (\d+)s", CONFIGURATION.read_text())
    longest = next(limit.le for limit in ApiSettings.model_fields["key_check_wait"].metadata if hasattr(limit, "le"))

    assert longest <= int(waits) - 15
