"""The processor with one worker, with two and with four, on the same broker and node."""

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil
from confluent_kafka import Consumer, ConsumerGroupState
from confluent_kafka.admin import AdminClient

from benchmarks.made_up import raw_records
from benchmarks.processor import committed
from benchmarks.running import cpu_seconds, machine_busy_seconds, running_engines, running_worker, until
from event_log import EventLog, NewRecord
from event_log.kafka import KafkaLog
from schemas import ALL_TOPICS, RAW, VIDEOS, utc_now
from schemas.groups import PROCESSOR_GROUP

_WORKERS = (1, 2, 4)
_WITHIN_S = 900.0
_LOOK_EVERY_S = 0.1
_AT_ONCE = 5_000
_WARM_UP = 20_000


class _Used(NamedTuple):
    """By part; the last one, this process, appends the records."""

    workers_s: float
    kafka_s: float
    elasticsearch_s: float
    own_s: float


@dataclass(frozen=True, slots=True)
class Processed:
    """A number of workers over records that are all new. Seconds are processor time, but for those that passed."""

    workers: int
    records_per_s: float
    passed_s: float
    used: _Used
    busy_s: float


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes on disk of a record, with its share of the log's own indexes."""

    raw: float
    videos: float


class _Bench:
    """Engines that run, and the records appended so far."""

    def __init__(self, brokers: str, url: str, pids: Sequence[int], directory: Path, log: EventLog) -> None:
        self._brokers, self._url, self._directory, self._log = brokers, url, directory, log
        self._kafka, self._elasticsearch = (psutil.Process(pid) for pid in pids)
        self._admin = AdminClient({"bootstrap.servers": brokers, "log_level": 0})
        # It only asks for the group's offsets, and never joins it.
        self._group = Consumer({"bootstrap.servers": brokers, "group.id": PROCESSOR_GROUP})
        self.appended = 0

    def run(self, workers: int, count: int) -> Processed:
        """Starts the workers, and appends the records once they share the partitions."""
        print(f"{workers} workers: {count:,} records", flush=True)
        made = list(raw_records(count, utc_now(), seed=self.appended % 251))
        with ExitStack() as stack:
            processes = [stack.enter_context(self._worker(number)) for number in range(workers)]
            self._wait_for_members(workers)
            before, began, busy = self._used(processes), time.perf_counter(), machine_busy_seconds()
            self._append(made)
            records_per_s = self._follow(count)
            passed, busy = time.perf_counter() - began, machine_busy_seconds() - busy
            used = _Used(*(now - then for now, then in zip(self._used(processes), before, strict=True)))
        return Processed(workers, records_per_s, passed, used, busy)

    def close(self) -> None:
        self._group.close()

    def _worker(self, number: int) -> AbstractContextManager[psutil.Process]:
        settings = {
            "STACK": "native",
            "DATA_DIR": str(self._directory / f"worker-{number}"),
            "KAFKA_BOOTSTRAP_SERVERS": self._brokers,
            "ELASTICSEARCH_URL": self._url,
        }
        log = self._directory / f"worker-{number}.log"
        return running_worker([sys.executable, "-m", "processor"], settings, log)

    def _wait_for_members(self, count: int) -> None:
        for _ in until(_WITHIN_S):
            [answer] = self._admin.describe_consumer_groups([PROCESSOR_GROUP]).values()
            if answer.exception() is None:
                group = answer.result()
                sharing = [member for member in group.members if member.assignment.topic_partitions]
                if group.state == ConsumerGroupState.STABLE and len(sharing) == count:
                    return
            time.sleep(_LOOK_EVERY_S)

    def _append(self, made: list[NewRecord]) -> None:
        for first in range(0, len(made), _AT_ONCE):
            self._log.append(made[first : first + _AT_ONCE])
        self.appended += len(made)

    def _follow(self, count: int) -> float:
        """Records a second between the first commit of them and the last but one: neither start nor end count."""
        commits: list[tuple[float, int]] = []
        for _ in until(_WITHIN_S):
            done = committed(self._group) - (self.appended - count)
            if done > (commits[-1][1] if commits else 0):
                commits.append((time.perf_counter(), done))
            if done >= count:
                break
            time.sleep(_LOOK_EVERY_S)
        if len(commits) < 4:
            return float("nan")
        (first_at, first), (last_at, last) = commits[0], commits[-2]
        return (last - first) / (last_at - first_at)

    def _used(self, workers: list[psutil.Process]) -> _Used:
        engines = cpu_seconds(self._kafka), cpu_seconds(self._elasticsearch)
        return _Used(sum(map(cpu_seconds, workers)), *engines, time.process_time())


def measure_workers(records: int) -> tuple[list[Processed], Stored]:
    """What each number of workers made of so many new records, and what those take on disk."""
    with TemporaryDirectory(prefix="bench-") as name, running_engines(Path(name)) as engines, ExitStack() as stack:
        brokers, url, pids = engines
        log = stack.enter_context(KafkaLog(brokers))
        log.create_topics(ALL_TOPICS)
        bench = _Bench(brokers, url, pids, Path(name), log)
        stack.callback(bench.close)
        bench.run(1, _WARM_UP)
        rounds = [bench.run(workers, records) for workers in _WORKERS]
        kept = Path(name) / "kafka" / "records"
        stored = Stored(*(_bytes(kept, topic.name) / bench.appended for topic in (RAW, VIDEOS)))
    return rounds, stored


def _bytes(records: Path, topic: str) -> int:
    """What segments hold; their indexes are made large beforehand and cut when a segment ends."""
    return sum(file.stat().st_size for file in records.glob(f"{topic}-*/*.log"))
