"""The embedded stack with 100,000 documents: start, memory, and the latency of searches by one client.

Beside the whole service stand the same searches asked of the index directly, in this process, and `/healthz`, which
costs nothing but HTTP: the difference is what the service adds.
"""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import psutil

from benchmarks.kept import fill
from benchmarks.made_up import Vocabulary
from benchmarks.running import running_stack
from benchmarks.tables import milliseconds, percentile, print_table
from schemas.settings import CommonSettings
from stack.directory import StackDirectory
from video_index import SearchRequest, Sort, open_index, parse_question

_SEARCHES = 3_000
_WARM_UP = 200


def measure(documents: int) -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        data_dir = Path(directory) / "data"
        settings = CommonSettings(stack="embedded", data_dir=data_dir)
        with open_index(settings) as index:
            fill(index, documents)
        queries = _queries()
        with open_index(settings) as index:
            direct = [
                _timed(lambda request=request: index.search(request))  # type: ignore[misc]
                for request in _requests(queries)
            ][_WARM_UP:]
        started = time.perf_counter()
        with running_stack("embedded", data_dir, {"SUBJECTS": "", "YOUTUBE_API_KEYS": ""}) as url:
            client = _Client(url)
            client.get(f"/search?q={queries[0]}")
            first_answer_s = time.perf_counter() - started
            searches = [
                _timed(lambda path=path: client.get(path))  # type: ignore[misc]
                for path in _paths(queries)
            ][_WARM_UP:]
            floor = [_timed(lambda: client.get("/healthz")) for _ in range(_SEARCHES)][_WARM_UP:]
            resident = _resident_mb(data_dir)
    print_table(
        f"Embedded, {documents:,} documents, one client, {_SEARCHES:,} searches of 1 to 3 words",
        ("", "p50", "p99", "wanted"),
        [
            ("GET /search", *_latency(searches), "p50 3 ms, p99 10 ms"),
            ("the index asked directly", *_latency(direct), ""),
            ("GET /healthz: HTTP alone", *_latency(floor), ""),
        ],
    )
    print_table(
        f"Embedded, {documents:,} documents",
        ("", "measured", "wanted"),
        [
            ("from `python -m stack up` to the first answer", f"{first_answer_s:.2f} s", "3 s"),
            ("of these, a Python that imports nothing", f"{_bare_python_s():.2f} s", ""),
            ("resident memory, searched but not polling", f"{resident:.0f} MB", "250 MB"),
        ],
    )


class _Client:
    """One kept connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} was answered with {answer.status}: {body[:300]!r}")
        return body


def _queries() -> list[str]:
    words = Vocabulary().common(400)
    chance = random.Random(2)
    return [" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))) for _ in range(_SEARCHES)]


def _paths(queries: list[str]) -> Iterator[str]:
    for number, query in enumerate(queries):
        sort = "relevance" if number % 2 else "newest"
        yield f"/search?q={quote_plus(query)}&sort={sort}"


def _requests(queries: list[str]) -> Iterator[SearchRequest]:
    for number, query in enumerate(queries):
        yield SearchRequest(
            question=parse_question(query), sort=Sort.RELEVANCE if number % 2 else Sort.NEWEST, limit=10
        )


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _latency(seconds: list[float]) -> tuple[str, str]:
    return milliseconds(percentile(seconds, 0.5)), milliseconds(percentile(seconds, 0.99))


def _resident_mb(data_dir: Path) -> float:
    pid = int(StackDirectory.of(data_dir).pid_file("embedded").read_text())
    return psutil.Process(pid).memory_info().rss / 1e6


def _bare_python_s() -> float:
    return _timed(lambda: subprocess.run([sys.executable, "-c", ""], check=True, env=os.environ))
