"""One client on one kept connection."""

import http.client
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from benchmarks.tables import milliseconds, percentile

_PIECE = 1 << 20


class Client:
    """Asks, and ends the benchmark when it is not answered with 200."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        return self._answer("GET", path).read()

    def post(self, path: str, body: bytes) -> bytes:
        """The body of an answer to JSON."""
        return self._answer("POST", path, body).read()

    def pieces(self, path: str) -> Iterator[bytes]:
        """The body of a long answer, as it comes."""
        answer = self._answer("GET", path)
        while piece := answer.read(_PIECE):
            yield piece

    def _answer(self, method: str, path: str, body: bytes | None = None) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{path} was answered with {answer.status}: {answer.read(300)!r}")
        return answer


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def latency(seconds: list[float]) -> tuple[str, str]:
    """Median and 99th percentile."""
    return milliseconds(percentile(seconds, 0.5)), milliseconds(percentile(seconds, 0.99))
