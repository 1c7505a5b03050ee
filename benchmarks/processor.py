"""Throughput of one Faust worker into Elasticsearch, beside Quix Streams with its Elasticsearch sink.

Both read the same records from the same broker into the same node, one after the other: first records that are all
new, then the same ones again. Ours merges each with what the index holds, writes changes to `youtube.videos` too, and
writes nothing where nothing changed; Quix Streams writes every record as it is. The rate is taken between commits,
so that neither start nor end count; processor time is that of the whole run, start included. A first round, which
warms broker and node up, does not count.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from confluent_kafka import Consumer, KafkaException, TopicPartition

from benchmarks.made_up import raw_records
from benchmarks.running import cpu_seconds, running_engines, running_worker, until
from benchmarks.tables import print_table
from event_log.kafka import KafkaLog
from schemas import ALL_TOPICS, RAW, utc_now

_WITHIN_S = 180.0
_LOOK_EVERY_S = 0.02
_QUIX_PYTHON = Path(__file__).parent.parent / ".venv-quix" / "bin" / "python"
_WARM_UP = 120_000
_WANTED = {"new": "12,000", "repeated": "13,000"}


@dataclass(frozen=True, slots=True)
class _Run:
    """One worker over all records that wait. The seconds are processor time."""

    records_per_s: float
    worker_s: float
    kafka_s: float
    elasticsearch_s: float


@dataclass(frozen=True, slots=True)
class _Worker:
    """How a pipeline is started, and the group it commits in."""

    name: str
    group: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path


def measure(records: int) -> None:
    """Prints the table."""
    if not _QUIX_PYTHON.exists():
        raise SystemExit(f"{_QUIX_PYTHON} is not there: run this as make bench")
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, running_engines(Path(directory)) as engines:
        brokers, url, pids = engines
        workers = _workers(brokers, url, Path(directory))
        runs: dict[tuple[str, str], _Run] = {}
        appended = 0
        with KafkaLog(brokers) as log:
            log.create_topics(ALL_TOPICS)
            for kind, seed, count in (("warm-up", 2, _WARM_UP), ("new", 1, records), ("repeated", 1, records)):
                _append(log, count, seed, utc_now() + timedelta(seconds=appended))
                appended += count
                for worker in workers:
                    print(f"{worker.name}: {count:,} {kind} records")
                    runs[worker.name, kind] = _run(worker, brokers, (appended - count, appended), pids)
    _print(runs, [worker.name for worker in workers], records)


def _workers(brokers: str, url: str, directory: Path) -> list[_Worker]:
    settings = {
        "STACK": "native",
        "DATA_DIR": str(directory / "processor"),
        "KAFKA_BOOTSTRAP_SERVERS": brokers,
        "ELASTICSEARCH_URL": url,
    }
    program = str(Path(__file__).with_name("quix_worker.py"))
    quix = [str(_QUIX_PYTHON), program, brokers, url, RAW.name, "quix", str(directory / "quix")]
    ours = [sys.executable, "-m", "processor"]
    return [
        _Worker("the processor", "processor", ours, settings, directory / "processor.log"),
        _Worker("Quix Streams", "quix", quix, {}, directory / "quix.log"),
    ]


def _append(log: KafkaLog, count: int, seed: int, fetched_at: datetime) -> None:
    print(f"appending {count:,} records")
    made = raw_records(count, fetched_at, seed)
    while batch := [record for _, record in zip(range(5000), made, strict=False)]:
        log.append(batch)


def _run(worker: _Worker, brokers: str, span: tuple[int, int], engines: tuple[int, int]) -> _Run:
    """Starts the worker and follows its commits from the first of these counts of records to the second."""
    # It only asks for the group's offsets, and never joins it.
    client = Consumer({"bootstrap.servers": brokers, "group.id": worker.group})
    kafka, elasticsearch = (psutil.Process(pid) for pid in engines)
    before = cpu_seconds(kafka), cpu_seconds(elasticsearch)
    with running_worker(worker.command, worker.environment, worker.log) as process:
        commits: list[tuple[float, int]] = []
        for _ in until(_WITHIN_S):
            done = committed(client)
            if done > span[0] and (not commits or done > commits[-1][1]):
                commits.append((time.perf_counter(), done))
            if done >= span[1]:
                break
            time.sleep(_LOOK_EVERY_S)
        used = cpu_seconds(process), cpu_seconds(kafka) - before[0], cpu_seconds(elasticsearch) - before[1]
    client.close()
    if len(commits) < 4:
        raise SystemExit("too few records for a rate: give more with --records")
    # The last commit comes up to an interval after the last record.
    (first_at, first), (last_at, last) = commits[0], commits[-2]
    return _Run((last - first) / (last_at - first_at), *used)


def committed(client: Consumer) -> int:
    """Records that the client's group has committed; topics here begin at offset 0 and hold no gaps."""
    try:
        answer = client.committed([TopicPartition(RAW.name, number) for number in range(RAW.partitions)], timeout=5)
    except KafkaException:  # no group has a coordinator before the first one was asked for
        return 0
    return sum(max(0, partition.offset) for partition in answer)


def _print(runs: Mapping[tuple[str, str], _Run], names: list[str], records: int) -> None:
    rows = []
    for kind, wanted in _WANTED.items():
        ours, theirs = (runs[name, kind] for name in names)
        for name, run in zip(names, (ours, theirs), strict=True):
            parts = [each * 100_000 / records for each in (run.worker_s, run.kafka_s, run.elasticsearch_s)]
            rows.append(
                (
                    f"{kind}: {name}",
                    f"{run.records_per_s:,.0f}",
                    f"{run.records_per_s / theirs.records_per_s:.2f}",
                    wanted if run is ours else "",
                    *(f"{each:.1f} s" for each in (sum(parts), *parts)),
                )
            )
    print_table(
        f"One worker into Elasticsearch, {records:,} records of 1 KB; processor time per 100,000 records",
        ("", "records/s", "ratio", "wanted", "all", "worker", "Kafka", "Elasticsearch"),
        rows,
    )
