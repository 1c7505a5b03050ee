"""The query API as one process and as two, on the same index."""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil
from elasticsearch import Elasticsearch

from benchmarks.kept import kept_engines
from benchmarks.load import Load, load
from benchmarks.questions import paths, questions
from benchmarks.running import cpu_seconds, machine_busy_seconds, running_worker
from schemas.index import ALIAS
from stack.loopback import api_answers
from stack.ports import free_port, listener
from stack.process import wait_until

_REPLICAS = (1, 2)
_CLIENTS = 16
_WARM_UP_S = 10.0
_LOAD_S = 15.0
_STARTS_WITHIN_S = 120.0
_QUESTIONS = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A number of replicas under a load. Seconds are processor time, but for latencies and those that passed."""

    replicas: int
    requests: float
    per_s: float
    p50_s: float
    p99_s: float
    passed_s: float
    api_s: float
    elasticsearch_s: float
    clients_s: float
    busy_s: float

    @property
    def used_s(self) -> float:
        """Of all parts, with the clients."""
        return self.api_s + self.elasticsearch_s + self.clients_s


def measure_replicas(documents: int) -> tuple[list[Asked], float]:
    """What each number of replicas answered, and the bytes that a document takes in the merged index."""
    with kept_engines(documents) as (brokers, node), TemporaryDirectory(prefix="bench-") as directory:
        size = _bytes_per_document(node)
        settings = {"STACK": "native", "KAFKA_BOOTSTRAP_SERVERS": brokers, "ELASTICSEARCH_URL": node}
        elasticsearch = listener(urlsplit(node).port or 0)
        assert elasticsearch is not None, "the node listens"  # noqa: S101 - it was just asked
        rounds = []
        for replicas in _REPLICAS:
            print(f"{replicas} replicas of the API, {_CLIENTS} clients", flush=True)
            with ExitStack() as stack:
                running = [
                    stack.enter_context(_replica(Path(directory) / f"api-{number}", settings))
                    for number in range(replicas)
                ]
                _load([url for url, _ in running], _WARM_UP_S)
                rounds.append(_ask(running, elasticsearch))
        return rounds, size


@contextmanager
def _replica(directory: Path, settings: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    directory.mkdir(exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        **settings,
        "DATA_DIR": str(directory),
        "API_PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    log = directory / "query_api.log"
    with running_worker([sys.executable, "-m", "query_api"], environment, log) as process:
        if not wait_until(lambda: api_answers(url), _STARTS_WITHIN_S, lambda: not process.is_running()):
            raise SystemExit(f"the API did not start: {log.read_text()[-2000:]}")
        yield url, process


def _ask(running: list[tuple[str, psutil.Process]], elasticsearch: psutil.Process) -> Asked:
    processes = [process for _, process in running]
    began, busy = time.perf_counter(), machine_busy_seconds()
    api, engine = sum(map(cpu_seconds, processes)), cpu_seconds(elasticsearch)
    loads = _load([url for url, _ in running], _LOAD_S)
    passed = time.perf_counter() - began
    requests = sum(each.per_s for each in loads) * _LOAD_S
    return Asked(
        replicas=len(running),
        requests=requests,
        per_s=sum(each.per_s for each in loads),
        p50_s=max(each.p50_s for each in loads),
        p99_s=max(each.p99_s for each in loads),
        passed_s=passed,
        api_s=sum(map(cpu_seconds, processes)) - api,
        elasticsearch_s=cpu_seconds(elasticsearch) - engine,
        clients_s=sum(each.own_cpu_s * each.per_s * _LOAD_S for each in loads),
        busy_s=machine_busy_seconds() - busy,
    )


def _load(urls: list[str], seconds: float) -> list[Load]:
    """The clients divided among the replicas, as a gateway would."""
    asked = partial(load, paths=paths(questions(_QUESTIONS)), clients=_CLIENTS // len(urls), seconds=seconds)
    with ThreadPoolExecutor(len(urls)) as threads:
        return list(threads.map(asked, urls))


def _bytes_per_document(node: str) -> float:
    with Elasticsearch(node, request_timeout=300) as client:
        client.indices.forcemerge(index=ALIAS, max_num_segments=1)
        client.indices.flush(index=ALIAS)
        primaries = client.indices.stats(index=ALIAS)["_all"]["primaries"]
        return float(primaries["store"]["size_in_bytes"] / primaries["docs"]["count"])
