"""The gateway before a service that says what reaches it: who asks, streams, and replicas that are not there."""

import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from stack.ports import free_port
from stack.process import wait_until

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]

GATEWAY = Path(__file__).parent.parent.parent / "gateway"
IMAGE = "topicreel-gateway:test"
BASE = "python:3.12-slim"
WITHIN_S = 60.0
QUIET_S = 2.0

# Answers with the request's headers; /stream sends a line, and then nothing for a while.
SERVICE = """
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(dict(self.headers.items()) | {"asked": sys.argv[1]}).encode() + b"\\n"
        self.send_response(200)
        if self.path == "/stream":
            self.end_headers()
            self.wfile.write(b"data: 1\\n\\n")
            self.wfile.flush()
            time.sleep(10)
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
"""


class Gateway:
    """A gateway in a network of its own, and what is behind it under the name of the query API."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = free_port()
        self._run("network", "create", name)

    def start(self, trusted: str = "") -> None:
        publish = ["--publish", f"127.0.0.1:{self.port}:8000", "--env", f"TRUSTED_PROXIES={trusted}"]
        guards = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--init"]  # noqa: S108 - inside of it
        self._run(
            "run", "--detach", "--name", f"{self.name}-gateway", "--network", self.name, *publish, *guards, IMAGE
        )

    def add_replica(self, number: int) -> None:
        name = f"{self.name}-{number}"
        network = ["--network", self.name, "--network-alias", "query_api"]
        self._run("run", "--detach", "--init", "--name", name, *network, BASE, "python", "-c", SERVICE, str(number))

    def kill_replica(self, number: int) -> None:
        self._run("kill", f"{self.name}-{number}")

    def seen(self, **headers: str) -> dict[str, str]:
        """What the service saw of a request with these headers, by their names in small letters. Raises OSError."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", headers=named)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return {name.lower(): value for name, value in json.load(answer).items()}

    def answers(self) -> bool:
        with suppress(OSError):
            return bool(self.seen())
        return False

    def remove(self) -> None:
        names = self._run("ps", "--all", "--quiet", "--filter", f"network={self.name}").split()
        self._run("rm", "--force", *names) if names else ""
        self._run("network", "rm", self.name)

    def _run(self, *arguments: str) -> str:
        ended = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture(scope="module", autouse=True)
def image(engine: None) -> None:
    subprocess.run(["docker", "build", "--quiet", "--tag", IMAGE, str(GATEWAY)], capture_output=True, check=True)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway(f"topicreel-gateway-test-{os.getpid()}")
    yield gateway
    gateway.remove()


def test_who_asks_is_who_the_connection_is_from_whatever_the_request_says(gateway: Gateway) -> None:
    gateway.start()
    gateway.add_replica(1)
    assert wait_until(gateway.answers, WITHIN_S)

    seen = gateway.seen(X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https")

    assert "192.0.2.7" not in seen["x-forwarded-for"]
    assert seen["x-forwarded-proto"] == "http"
    assert seen["host"] == f"127.0.0.1:{gateway.port}"


def test_a_gateway_in_front_that_is_trusted_tells_who_asks_by_what_it_added_last(gateway: Gateway) -> None:
    gateway.start(trusted="10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16")
    gateway.add_replica(1)
    assert wait_until(gateway.answers, WITHIN_S)

    seen = gateway.seen(X_Forwarded_For="198.51.100.1, 192.0.2.7", X_Forwarded_Proto="https")

    assert seen["x-forwarded-for"] == "192.0.2.7"
    assert seen["x-forwarded-proto"] == "https"


def test_a_stream_arrives_as_it_is_sent(gateway: Gateway) -> None:
    gateway.start()
    gateway.add_replica(1)
    assert wait_until(gateway.answers, WITHIN_S)

    with socket.create_connection(("127.0.0.1", gateway.port), timeout=QUIET_S + 5) as client:
        client.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while b"data: 1" not in received:
            received += client.recv(4096)


def test_every_replica_is_asked_and_one_that_is_killed_is_missed_by_no_reader(gateway: Gateway) -> None:
    gateway.start()
    for number in range(3):
        gateway.add_replica(number)
    assert wait_until(
        lambda: len({gateway.seen()["asked"] for _ in range(6)} if gateway.answers() else ()) == 3, WITHIN_S
    )

    gateway.kill_replica(1)

    assert {gateway.seen()["asked"] for _ in range(20)} == {"0", "2"}


def test_without_a_replica_the_answer_is_a_problem_that_says_so(gateway: Gateway) -> None:
    gateway.start()

    def refused() -> urllib.error.HTTPError | None:
        try:
            gateway.seen()
        except urllib.error.HTTPError as error:
            return error
        except OSError:
            return None
        return None

    assert wait_until(lambda: refused() is not None, WITHIN_S)
    answer = refused()
    assert answer is not None
    assert answer.code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "2"
    assert "no replica of the query API" in json.load(answer)["detail"]
