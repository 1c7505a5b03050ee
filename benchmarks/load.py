"""Clients that ask without a pause, each on a kept connection, all in one process of their own.

`python -m benchmarks.load HOST PORT CLIENTS SECONDS` reads paths from standard input, a line each, and prints a
`Load` as JSON. It does as little as it can with each answer, since it shares the processors with what it measures.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from urllib.parse import urlsplit

from benchmarks.tables import percentile

_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)\r\n", re.IGNORECASE)
_READ = 1 << 18


@dataclass(frozen=True, slots=True)
class Load:
    """Answers a second, their latencies in seconds, and the processor time that asking took, a request."""

    per_s: float
    p50_s: float
    p99_s: float
    own_cpu_s: float


def load(url: str, paths: Sequence[str], *, clients: int, seconds: float) -> Load:
    """Asks for the paths again and again, from a process beside this one."""
    parts = urlsplit(url)
    command = [sys.executable, "-m", "benchmarks.load", parts.hostname or "", str(parts.port)]
    done = subprocess.run(
        [*command, str(clients), str(seconds)], input="\n".join(paths), check=True, capture_output=True, text=True
    )
    return Load(**json.loads(done.stdout))


class _Client:
    """One connection, on which one request is under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self._received = bytearray()
        self._asked_at = 0.0

    def ask(self, request: bytes) -> None:
        self._asked_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Takes what has come; once the answer is complete, the seconds since it was asked for."""
        piece = self.socket.recv(_READ)
        if not piece:
            raise SystemExit("the connection was closed")
        self._received += piece
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = _LENGTH.search(self._received, 0, end + 2)
        if not self._received.startswith(b"HTTP/1.1 200 ") or length is None:
            raise SystemExit(f"answered with {bytes(self._received[:300])!r}")
        if len(self._received) < end + 4 + int(length[1]):
            return None
        self._received.clear()
        return time.perf_counter() - self._asked_at


def _latencies(address: tuple[str, int], requests: Iterator[bytes], clients: int, seconds: float) -> list[float]:
    latencies: list[float] = []
    with selectors.DefaultSelector() as selector:
        for _ in range(clients):
            # One after the other, each answered once: those who come at once may all be taken by one process.
            client = _Client(address)
            client.ask(next(requests))
            while client.receive() is None:
                pass
            selector.register(client.socket, selectors.EVENT_READ, client)
        for key in list(selector.get_map().values()):
            key.data.ask(next(requests))
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _ in selector.select(1.0):
                latency = key.data.receive()
                if latency is not None:
                    latencies.append(latency)
                    key.data.ask(next(requests))
    return latencies


def _main(host: str, port: str, clients: str, seconds: str) -> None:
    paths = sys.stdin.read().split("\n")
    requests = cycle([f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode() for path in paths])
    began, cpu = time.perf_counter(), time.process_time()
    latencies = _latencies((host, int(port)), requests, int(clients), float(seconds))
    passed, used = time.perf_counter() - began, time.process_time() - cpu
    count = len(latencies)
    found = Load(count / passed, percentile(latencies, 0.5), percentile(latencies, 0.99), used / count)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
