"""Starts what is measured: stacks as a user starts them, and engines by themselves. All ends with its context."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from stack.engines import KafkaPorts, elasticsearch_part, kafka_part, prepare_elasticsearch, prepare_kafka
from stack.engines.elasticsearch import elasticsearch_url
from stack.part import Part
from stack.ports import free_port
from stack.process import end, spawn, wait_until

ENGINES_DIR = Path(os.environ.get("ENGINES_DIR") or Path(__file__).parent.parent / ".engines")


@contextmanager
def running_stack(stack: str, data_dir: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """A stack in `data_dir`, started and stopped by its own command. Gives the address of its API."""
    port = free_port()
    own = {"STACK": stack, "DATA_DIR": str(data_dir), "API_PORT": str(port), "ENGINES_DIR": str(ENGINES_DIR)}
    environment = {**os.environ, **own, **settings}
    command = [sys.executable, "-m", "stack"]
    subprocess.run([*command, "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*command, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running_engines(directory: Path) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Kafka and Elasticsearch. Gives the bootstrap servers, the URL, and the ids of the two processes."""
    ports = KafkaPorts(first := free_port(), second := free_port({first}))
    port = free_port({first, second})
    kafka = kafka_part(prepare_kafka(ENGINES_DIR, print), directory / "kafka", ports)
    node = elasticsearch_part(prepare_elasticsearch(ENGINES_DIR, print), directory / "elasticsearch", port)
    with _running(kafka, directory) as broker, _running(node, directory) as elasticsearch:
        yield ports.bootstrap_servers, elasticsearch_url(port), (broker.pid, elasticsearch.pid)


@contextmanager
def running_worker(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[psutil.Process]:
    """A process that is ended by SIGTERM."""
    with _running(Part(log.stem, tuple(command), environment), log.parent) as process:
        yield psutil.Process(process.pid)


@contextmanager
def _running(part: Part, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    directory.mkdir(parents=True, exist_ok=True)
    part.prepare()
    log = directory / f"{part.name}.log"
    process = spawn(part, log)
    try:
        if not wait_until(part.ready, part.ready_within, lambda: process.poll() is not None):
            raise SystemExit(f"{part.name} did not start; the end of {log}:\n{log.read_text()[-2000:]}")
        yield process
    finally:
        end(process, part.stop_within)


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time that the process has used so far, in user and kernel mode."""
    times = process.cpu_times()
    return float(times.user + times.system)


def machine_busy_seconds() -> float:
    """Processor time that everything on the machine has used so far, on all of its processors."""
    times = psutil.cpu_times()
    return float(sum(times[:8]) - times.idle - getattr(times, "iowait", 0.0))


def until(deadline_s: float) -> Iterator[float]:
    """Seconds since the start, again and again, until the deadline. Raises TimeoutError then."""
    started = time.perf_counter()
    while (passed := time.perf_counter() - started) < deadline_s:
        yield passed
    raise TimeoutError(f"nothing for {deadline_s} s")
