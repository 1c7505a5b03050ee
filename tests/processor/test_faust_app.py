"""The Faust worker on real engines: what is killed, fails or goes away loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from event_log import EventLog, Record
from event_log.kafka import KafkaLog
from schemas import ALL_TOPICS, DEAD_LETTERS, LOOKUPS, RAW, VIDEOS, LookupKind
from schemas.groups import PROCESSOR_GROUP
from tests.engine import RunningEngine
from tests.processor.records import NOON, a_context, a_lookup, a_raw, a_video_item, an_item
from video_index import Freshness, SearchRequest
from video_index.elasticsearch import ElasticsearchIndex

pytestmark = [pytest.mark.kafka, pytest.mark.elasticsearch]

VIDEO_COUNT = 6_000


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


class Stage:
    """A broker, a node, and workers of one data directory."""

    def __init__(self, broker: RunningEngine, node: RunningEngine, directory: Path) -> None:
        self.broker = broker
        self.node = node
        self._directory = directory
        self._workers = 0
        self.life_sign = directory / "alive"
        self.index = ElasticsearchIndex(node.url)
        self.log: EventLog = KafkaLog(broker.bootstrap_servers)
        self.log.create_topics(ALL_TOPICS)

    @contextmanager
    def worker(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        self._workers += 1
        environment = {
            **os.environ,
            "STACK": "native",
            "DATA_DIR": str(self._directory / "data"),
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "ELASTICSEARCH_URL": self.node.url,
            "PROCESSOR_INSTANCE_ID": f"worker-{self._workers}",
            "PROCESSOR_BATCH": "500",
            "LIFE_SIGN_FILE": str(self.life_sign),
        }
        with (self._directory / f"worker-{self._workers}.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *(command or ("processor",))], env=environment, stdout=output, stderr=output
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)

    def output(self, worker: str = "*") -> str:
        """What that one logged, the first being number 1; without a number, what all did."""
        return "".join(path.read_text() for path in sorted(self._directory.glob(f"worker-{worker}.log")))

    def found(self) -> int:
        try:
            return self.index.search(SearchRequest()).total
        except Exception:  # noqa: BLE001 - the node is down, or has no index yet
            return 0

    def read(self, topic: str) -> list[Record]:
        reader = self.log.reader([topic])
        try:
            return reader.read_to_end()
        finally:
            reader.close()

    def shares(self) -> list[int]:
        """How many partitions each worker has that is a member of the group."""
        admin = AdminClient({"bootstrap.servers": self.broker.bootstrap_servers})
        [group] = admin.describe_consumer_groups([PROCESSOR_GROUP]).values()
        try:
            return [len(member.assignment.topic_partitions) for member in group.result().members]
        except KafkaException:
            return []  # there is no group yet

    def lag(self) -> int:
        """Records that the group has not committed."""
        admin = AdminClient({"bootstrap.servers": self.broker.bootstrap_servers})
        partitions = [
            TopicPartition(topic.name, number) for topic in (RAW, LOOKUPS) for number in range(topic.partitions)
        ]
        ends = admin.list_offsets({partition: OffsetSpec.latest() for partition in partitions})
        [group] = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(PROCESSOR_GROUP)]).values()
        committed = {(place.topic, place.partition): place.offset for place in group.result().topic_partitions}
        return sum(
            end.result().offset - max(0, committed.get((partition.topic, partition.partition), 0))
            for partition, end in ends.items()
        )


@pytest.fixture
def stage(kafka_broker: RunningEngine, elasticsearch_node: RunningEngine, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(kafka_broker, elasticsearch_node, tmp_path)
    yield stage
    stage.log.close()
    stage.index.close()


def feed(stage: Stage, title: str, minute: int) -> None:
    context = a_context(fetched_at=NOON + timedelta(minutes=minute))
    for first in range(0, VIDEO_COUNT, 1_000):
        stage.log.append(
            [a_raw(an_item(f"v{n}", f"{title} {n}"), context, key=f"v{n}") for n in range(first, first + 1_000)]
        )


def assert_complete(stage: Stage, title: str) -> None:
    wait_for(lambda: stage.found() == VIDEO_COUNT, 90, f"{VIDEO_COUNT} videos in the index; {stage.output()[-2000:]}")
    wait_for(lambda: stage.lag() == 0, 60, f"every record committed; {stage.output()[-2000:]}")
    ids = [f"v{n}" for n in range(VIDEO_COUNT)]
    titles = [
        stored and stored.video.title
        for first in range(0, VIDEO_COUNT, 1_000)
        for stored in stage.index.get(ids[first : first + 1_000])
    ]
    assert titles == [f"{title} {n}" for n in range(VIDEO_COUNT)]
    assert {record.key for record in stage.read(VIDEOS.name)} == set(ids)


def test_failures_in_every_step_and_a_kill_lose_nothing(stage: Stage) -> None:
    feed(stage, "old", minute=0)
    stage.log.append([a_raw(b"poison", key="poison")])
    feed(stage, "new", minute=1)

    with stage.worker("tests.processor.failing_worker", "1") as worker:
        wait_for(lambda: stage.found() > VIDEO_COUNT // 3, 60, f"a third of the videos; {stage.output()[-2000:]}")
        worker.send_signal(signal.SIGKILL)
    with stage.worker("tests.processor.failing_worker", "2"):
        assert_complete(stage, "new")

    assert "injected defect" in stage.output()
    assert {record.key for record in stage.read(DEAD_LETTERS.name)} == {"poison"}


def test_a_worker_without_work_shows_life_and_one_whose_index_never_came_does_not(stage: Stage) -> None:
    stage.node.kill()
    with stage.worker():
        wait_for(lambda: "waiting" in stage.output(), 60, f"a wait for the index; {stage.output()[-2000:]}")
        assert not stage.life_sign.exists()

        stage.node.start()

        wait_for(stage.life_sign.exists, 90, f"a sign of life; {stage.output()[-2000:]}")


def test_an_index_that_goes_away_holds_the_records(stage: Stage) -> None:
    with stage.worker() as worker:
        feed(stage, "old", minute=0)
        wait_for(lambda: stage.found() > 0, 60, f"the first videos; {stage.output()[-2000:]}")
        stage.node.kill()
        feed(stage, "new", minute=1)
        wait_for(lambda: "batch_held" in stage.output(), 30, "the worker notices")
        stage.node.start()

        assert_complete(stage, "new")

        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0


def test_a_broker_that_goes_away_is_waited_for(stage: Stage) -> None:
    with stage.worker():
        feed(stage, "old", minute=0)
        wait_for(lambda: stage.found() > 0, 60, f"the first videos; {stage.output()[-2000:]}")
        stage.broker.kill()
        stage.broker.start()
        feed(stage, "new", minute=1)

        assert_complete(stage, "new")


def test_two_workers_share_the_partitions_and_one_takes_over(stage: Stage) -> None:
    with stage.worker() as first, stage.worker():
        wait_for(lambda: stage.shares() == [6, 6], 60, f"each has half; {stage.output()[-2000:]}")
        feed(stage, "old", minute=0)
        for worker in ("1", "2"):
            wait_for(lambda worker=worker: "batch_done" in stage.output(worker), 60, f"worker {worker} works")
        first.send_signal(signal.SIGKILL)
        feed(stage, "new", minute=1)

        assert_complete(stage, "new")


def test_lookups_refresh_and_remove_what_searches_found(stage: Stage) -> None:
    later, last = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    with stage.worker():
        feed(stage, "old", minute=0)
        wait_for(lambda: stage.found() == VIDEO_COUNT, 60, f"every video; {stage.output()[-2000:]}")
        ids = [f"v{n}" for n in range(VIDEO_COUNT)]
        stage.log.append([a_lookup(LookupKind.VIDEO, a_video_item(each, each), each, later) for each in ids])
        stage.log.append([a_lookup(LookupKind.GONE, None, each, last) for each in ids[: VIDEO_COUNT // 2]])
        wait_for(lambda: stage.found() == VIDEO_COUNT // 2, 60, f"half are removed; {stage.output()[-2000:]}")
        wait_for(lambda: stage.lag() == 0, 60, f"every record committed; {stage.output()[-2000:]}")

    assert stage.index.freshness() == Freshness(VIDEO_COUNT // 2, without_details=0, oldest=later)
    feed_ends = {record.key: record.value for record in stage.read(VIDEOS.name)}
    assert {key for key, value in feed_ends.items() if value is None} == set(ids[: VIDEO_COUNT // 2])
    assert stage.read(DEAD_LETTERS.name) == []


def test_a_worker_listens_on_no_port(stage: Stage) -> None:
    with stage.worker() as worker:
        feed(stage, "old", minute=0)
        wait_for(lambda: stage.found() > 0, 60, f"the first videos; {stage.output()[-2000:]}")

        listening = [c for c in psutil.Process(worker.pid).net_connections() if c.status == psutil.CONN_LISTEN]

    assert listening == []
