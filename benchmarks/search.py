"""The embedded stack with 100,000 documents: start, memory, and the latency of searches by one client.

Beside the whole service stand the same searches asked of the index directly, in this process, and `/healthz`, which
costs nothing but HTTP: the difference is what the service adds.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.client import Client, latency, timed
from benchmarks.kept import fill
from benchmarks.questions import paths, questions, requests
from benchmarks.running import running_stack
from benchmarks.tables import print_table
from schemas.settings import CommonSettings
from stack.directory import StackDirectory
from video_index import open_index

_SEARCHES = 3_000
_WARM_UP = 200


def measure(documents: int) -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        data_dir = Path(directory) / "data"
        settings = CommonSettings(stack="embedded", data_dir=data_dir)
        with open_index(settings) as index:
            fill(index, documents)
        queries = questions(_SEARCHES)
        with open_index(settings) as index:
            direct = [
                timed(lambda request=request: index.search(request))  # type: ignore[misc]
                for request in requests(queries)
            ][_WARM_UP:]
        started = time.perf_counter()
        with running_stack("embedded", data_dir, {"SUBJECTS": "", "YOUTUBE_API_KEYS": ""}) as url:
            client = Client(url)
            client.get(paths(queries)[0])
            first_answer_s = time.perf_counter() - started
            searches = [
                timed(lambda path=path: client.get(path))  # type: ignore[misc]
                for path in paths(queries)
            ][_WARM_UP:]
            floor = [timed(lambda: client.get("/healthz")) for _ in range(_SEARCHES)][_WARM_UP:]
            resident = _resident_mb(data_dir)
    print_table(
        f"Embedded, {documents:,} documents, one client, {_SEARCHES:,} searches of 1 to 3 words",
        ("", "p50", "p99", "wanted"),
        [
            ("GET /search", *latency(searches), "p50 3 ms, p99 10 ms"),
            ("the index asked directly", *latency(direct), ""),
            ("GET /healthz: HTTP alone", *latency(floor), ""),
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


def _resident_mb(data_dir: Path) -> float:
    pid = int(StackDirectory.of(data_dir).pid_file("embedded").read_text())
    return psutil.Process(pid).memory_info().rss / 1e6


def _bare_python_s() -> float:
    return timed(lambda: subprocess.run([sys.executable, "-c", ""], check=True, env=os.environ))
