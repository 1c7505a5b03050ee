"""The API on an index that was filled before, for what is measured with many documents."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.kept import kept_embedded, kept_engines
from benchmarks.running import cpu_seconds, running_stack, running_worker
from schemas.settings import CommonSettings
from stack.directory import StackDirectory
from stack.loopback import api_answers
from stack.ports import free_port
from stack.process import wait_until
from video_index import VideoIndex, open_index

_NOTHING_TO_POLL = {"SUBJECTS": "", "YOUTUBE_API_KEYS": ""}


@dataclass(frozen=True, slots=True)
class Service:
    """The API's address, its index for who asks that directly, and the processes that it is."""

    url: str
    index: VideoIndex
    processes: tuple[psutil.Process, ...]

    def cpu_s(self) -> float:
        """Processor time used so far."""
        return sum(map(cpu_seconds, self.processes))

    def resident_mb(self) -> float:
        """Memory of its own. Pages of files are left out: the machine takes them back when it needs them."""
        memory = [process.memory_info() for process in self.processes]
        return sum(each.rss - each.shared for each in memory) / 1e6


@contextmanager
def embedded_service(documents: int, workers: int = 1) -> Iterator[Service]:
    """The embedded stack with so many documents, whose API has so many processes."""
    data_dir = kept_embedded(documents)
    with (
        running_stack("embedded", data_dir, {**_NOTHING_TO_POLL, "API_WORKERS": str(workers)}) as url,
        open_index(CommonSettings(stack="embedded", data_dir=data_dir)) as index,
    ):
        process = psutil.Process(int(StackDirectory.of(data_dir).pid_file("embedded").read_text()))
        yield Service(url, index, (process, *process.children(recursive=True)))


@contextmanager
def elasticsearch_service(documents: int) -> Iterator[tuple[Service, str]]:
    """The API on Elasticsearch with so many documents, and that engine's own address."""
    with kept_engines(documents) as (brokers, node), tempfile.TemporaryDirectory(prefix="bench-") as directory:
        url = f"http://127.0.0.1:{(port := free_port())}"
        settings = {"KAFKA_BOOTSTRAP_SERVERS": brokers, "ELASTICSEARCH_URL": node, "DATA_DIR": directory}
        environment = {**os.environ, "STACK": "native", "API_PORT": str(port), **settings}
        command, log = [sys.executable, "-m", "query_api"], Path(directory) / "query_api.log"
        with (
            running_worker(command, environment, log) as process,
            open_index(CommonSettings(stack="native", elasticsearch_url=node)) as index,
        ):
            if not wait_until(lambda: api_answers(url), 60, lambda: not process.is_running()):
                raise SystemExit(f"the API did not start: {log.read_text()[-2000:]}")
            yield Service(url, index, (process,)), node
