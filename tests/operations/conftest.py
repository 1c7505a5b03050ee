"""A pipeline on real engines: the processor in a process of its own, fed with sightings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from event_log import EventLog, LogUnavailableError
from event_log.kafka import KafkaLog
from operations.claim import claimed
from operations.reindex import Reindex, ReindexReport
from processor.reading import TOPICS
from schemas import ALL_TOPICS, DEAD_LETTERS, VIDEOS, Video
from schemas.index import ALIAS
from stack.process import end, wait_until
from tests.engine import RunningEngine
from tests.processor.records import a_raw, an_item
from video_index.elasticsearch import ElasticsearchIndex
from video_index.elasticsearch_versions import IndexVersions
from waiting import Patience

WITHIN_S = 90.0


class Pipeline:
    """A broker, a node and a worker."""

    def __init__(self, broker: RunningEngine, node: RunningEngine, directory: Path) -> None:
        self.broker = broker
        self.node = node
        self.directory = directory
        self.log: EventLog = KafkaLog(broker.bootstrap_servers)
        self.log.create_topics(ALL_TOPICS)
        self.index = ElasticsearchIndex(node.url)
        self.fed = 0
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def versions(self) -> IndexVersions:
        return self.index.versions

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "STACK": "native",
            "DATA_DIR": str(self.directory / "data"),
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "ELASTICSEARCH_URL": self.node.url,
            "PROCESSOR_INSTANCE_ID": "worker-1",
        }

    def start_worker(self) -> None:
        with (self.directory / "worker.log").open("ab") as output:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "processor"],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def stop_worker(self) -> None:
        if self._worker is not None:
            end(self._worker, WITHIN_S)
            self._worker = None

    def feed(self, count: int, title: str = "Tea") -> None:
        """New videos."""
        numbers = range(self.fed, self.fed + count)
        self.fed += count
        self.log.append([a_raw(an_item(f"v{n}", f"{title} {n}"), key=f"v{n}") for n in numbers])

    def reindex(self, *, roll_back: bool = False) -> ReindexReport:
        with claimed(self.log) as claim:
            work = Reindex(self.log, self.versions, claim, Patience(Event()))
            return work.roll_back() if roll_back else work.run()

    def await_processed(self) -> None:
        assert wait_until(self._is_processed, WITHIN_S), (self.directory / "worker.log").read_text()[-3_000:]

    def in_index(self) -> dict[str, dict[str, Any]]:
        return dict(self.versions.scan(ALIAS))

    def on_log(self) -> dict[str, dict[str, Any]]:
        """The newest document of each video on the feed."""
        with closing(self.log.reader([VIDEOS.name])) as reader:
            newest = {record.key: record.value for record in reader.read_to_end()}
        return {
            str(key): Video.model_validate_json(value).model_dump(mode="json")
            for key, value in newest.items()
            if value is not None
        }

    def dead_letters(self) -> int:
        return sum(self.log.count([DEAD_LETTERS.name]).values())

    def close(self) -> None:
        self.stop_worker()
        self.index.close()
        self.log.close()

    def _is_processed(self) -> bool:
        try:
            waiting = self.log.count([topic.name for topic in TOPICS], not_committed_by="processor")
        except LogUnavailableError:
            return False  # a broker that has just started looks for who coordinates the group
        return not any(waiting.values())


@pytest.fixture
def pipeline(kafka_broker: RunningEngine, elasticsearch_node: RunningEngine, tmp_path: Path) -> Iterator[Pipeline]:
    with closing(Pipeline(kafka_broker, elasticsearch_node, tmp_path)) as pipeline:
        yield pipeline
