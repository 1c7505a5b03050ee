"""A backup of Kafka and Elasticsearch, brought back on a broker and a node that have nothing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from elasticsearch import Elasticsearch

from event_log import EventLog, NewRecord, Record
from event_log.kafka import KafkaLog
from key_vault import KeyVault
from operations.backup_file import BackupWriter, Head, Snapshot, read_head
from operations.errors import RefusedError
from operations.snapshots import Snapshots
from schemas import (
    ALERTS,
    CONTROL,
    POLL_STATE,
    VIDEOS,
    Alert,
    AlertProgress,
    ProjectQuota,
    Subject,
    SubjectProgress,
    Window,
)
from schemas.index import INDEX, PATTERN
from stack.process import wait_until
from tests.conftest import _broker
from tests.engine import RunningEngine
from tests.operations.conftest import Pipeline
from tests.video_index.contract import NOON, a_video
from video_index import Write

pytestmark = [pytest.mark.kafka, pytest.mark.elasticsearch, pytest.mark.timeout(900)]


@pytest.fixture
def wiped(pipeline: Pipeline, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Wiped"]:
    broker = _broker(request, tmp_path / "other-kafka")
    broker.start()
    with closing(Wiped(pipeline, broker)) as wiped:
        yield wiped
    broker.remove()


class Wiped:
    """What is left when both engines lost their disks: backups, and the settings."""

    def __init__(self, pipeline: Pipeline, broker: RunningEngine) -> None:
        self._pipeline = pipeline
        self.broker = broker
        self.environment = {"KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers}
        self.log: EventLog = KafkaLog(broker.bootstrap_servers)

    def lose_the_index(self) -> None:
        with Elasticsearch(self._pipeline.node.url) as client:
            client.indices.delete(index=list(client.indices.get(index=PATTERN)))

    def close(self) -> None:
        self.log.close()


def operate(pipeline: Pipeline, *arguments: str, **environment: str) -> str:
    """What the command printed."""
    ended = run(pipeline, *arguments, **environment)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def run(pipeline: Pipeline, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"BACKUP_DIR": str(pipeline.directory / "backups"), **environment}
    return subprocess.run(
        [sys.executable, "-m", "operations", *arguments],
        env={**pipeline.environment, **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def back_up(pipeline: Pipeline, *arguments: str) -> str:
    """The file's path."""
    return operate(pipeline, "backup", *arguments).split()[1].rstrip(":")


def read(log: EventLog, topic: str) -> list[Record]:
    with closing(log.reader([topic])) as reader:
        return reader.read_to_end()


def newest(log: EventLog, topic: str) -> dict[str | None, bytes | None]:
    return {record.key: record.value for record in read(log, topic)}


def videos_behind(log: EventLog, positions: dict[int, int]) -> list[tuple[int, str | None, bytes | None]]:
    """What is still to be told to whoever stands there, in order, partition by partition."""
    behind = [each for each in read(log, VIDEOS.name) if each.offset >= positions.get(each.partition, 0)]
    return sorted(((each.partition, each.key, each.value) for each in behind), key=lambda each: each[0])


def ask_for_things(pipeline: Pipeline) -> None:
    """A subject, a key, an alert that was told half of the videos, and what a producer notes."""
    vault = KeyVault.open(pipeline.directory / "data")
    key = vault.seal("AIza-a-key-of-somebody", source="api", added_at=NOON)
    ends: dict[int, int] = {}
    for record in read(pipeline.log, VIDEOS.name):
        ends[record.partition] = record.offset + 1
    halves = {partition: end // 2 for partition, end in ends.items()}
    alert = Alert(
        id="alert-1",
        name="Tea",
        filters={"q": "tea"},
        webhook="https://hooks.example",
        secret="…cret",
        encrypted=vault.encrypt('{"webhook": "https://hooks.example/1", "secret": "a-secret"}'),
        created_at=NOON,
        starts_at={0: 3},
    )
    progress = SubjectProgress(id="tea", covered=(Window(start=NOON, end=NOON),))
    subject = Subject(id="tea", query="tea", since=NOON, followed_at=NOON)
    pipeline.log.append(
        [
            *(NewRecord(CONTROL.name, each.key, each.to_json()) for each in (subject, key)),
            NewRecord(CONTROL.name, "subject/gone", b"{}"),
            NewRecord(CONTROL.name, "subject/gone", None),
            NewRecord(POLL_STATE.name, progress.key, progress.to_json()),
            *(
                NewRecord(POLL_STATE.name, each.key, each.to_json())
                for each in (ProjectQuota(id=key.id, day=NOON.date(), searches=77, units=123),)
            ),
            NewRecord(POLL_STATE.name, "status/producer", b"{}"),
            NewRecord(ALERTS.name, alert.key, alert.to_json()),
            NewRecord(ALERTS.name, "progress/alert-1", AlertProgress(id="alert-1", positions=halves).to_json()),
        ]
    )


def test_everything_is_as_it_was_and_goes_on(pipeline: Pipeline, wiped: Wiped) -> None:
    pipeline.start_worker()
    pipeline.feed(400)
    pipeline.await_processed()
    ask_for_things(pipeline)
    pipeline.stop_worker()
    # On the log, and not in the index.
    pipeline.feed(60)
    before = pipeline.in_index()
    told = AlertProgress.model_validate_json(newest(pipeline.log, ALERTS.name)["progress/alert-1"] or b"")
    untold = videos_behind(pipeline.log, told.positions)
    assert 0 < len(untold) < 400
    path = back_up(pipeline)
    wiped.lose_the_index()

    said = operate(pipeline, "restore", path, **wiped.environment)

    assert "400 documents" in said
    assert pipeline.in_index() == before
    assert newest(wiped.log, CONTROL.name) == {
        key: value for key, value in newest(pipeline.log, CONTROL.name).items() if value is not None
    }
    state = newest(pipeline.log, POLL_STATE.name)
    del state["status/producer"]
    assert newest(wiped.log, POLL_STATE.name) == state
    assert newest(wiped.log, VIDEOS.name) == newest(pipeline.log, VIDEOS.name)
    progress = AlertProgress.model_validate_json(newest(wiped.log, ALERTS.name)["progress/alert-1"] or b"")
    assert videos_behind(wiped.log, progress.positions) == untold

    with closing(Pipeline(wiped.broker, pipeline.node, pipeline.directory)) as restored:
        restored.start_worker()
        restored.await_processed()
        assert restored.in_index().keys() == {f"v{number}" for number in range(460)}
        assert restored.in_index() == restored.on_log()
        assert restored.dead_letters() == 0
        operate(restored, "verify")

        # Not a second time, and not over anything, unless that is asked for.
        refused = run(restored, "restore", path)
        assert refused.returncode == 1
        assert "--overwrite" in refused.stderr
        restored.log.append([NewRecord(CONTROL.name, "subject/later", b"{}")])
        restored.stop_worker()
        operate(restored, "restore", path, "--overwrite")
        assert newest(restored.log, CONTROL.name)["subject/later"] is None
        assert restored.in_index() == before
        restored.start_worker()
        restored.await_processed()
        assert restored.in_index().keys() == {f"v{number}" for number in range(460)}


def test_of_a_backup_that_was_made_while_videos_came_in_nothing_is_missing(pipeline: Pipeline, wiped: Wiped) -> None:
    pipeline.start_worker()
    pipeline.feed(2_000)
    pipeline.await_processed()
    enough = Event()

    def go_on() -> None:
        while not enough.wait(0.05):
            pipeline.feed(20)

    feeding = Thread(target=go_on)
    feeding.start()
    try:
        assert wait_until(lambda: pipeline.versions.count(INDEX) > 2_000, 60)
        before = pipeline.fed
        path = back_up(pipeline)
    finally:
        enough.set()
        feeding.join()
    pipeline.stop_worker()
    wiped.lose_the_index()

    operate(pipeline, "restore", path, **wiped.environment)

    with closing(Pipeline(wiped.broker, pipeline.node, pipeline.directory)) as restored:
        restored.start_worker()
        restored.await_processed()
        assert restored.in_index().keys() >= {f"v{number}" for number in range(before)}
        # What was processed while the copy was made is on the log alone, and is polled again.
        assert restored.in_index().items() <= restored.on_log().items()


@pytest.mark.parametrize(
    ("location", "index", "said"),
    [("not-there", INDEX, "finds no copy"), (None, "another", "not the whole of another")],
)
def test_where_the_copy_of_the_index_is_not_there_nothing_is_overwritten(
    pipeline: Pipeline, location: str | None, index: str, said: str
) -> None:
    pipeline.index.ensure()
    pipeline.index.write([Write(a_video("a"), None)])
    pipeline.log.append([NewRecord(CONTROL.name, "subject/tea", b"{}")])
    copy = read_head(Path(back_up(pipeline))).snapshot
    assert copy is not None
    path = pipeline.directory / "moved.gz"
    with BackupWriter(
        path, Head(at=NOON, snapshot=Snapshot(location=location or copy.location, index=index, documents=1))
    ):
        pass

    refused = run(pipeline, "restore", str(path), "--overwrite")

    assert refused.returncode == 1
    assert said in refused.stderr
    assert "--rebuild" in refused.stderr
    assert pipeline.in_index().keys() == {"a"}
    assert newest(pipeline.log, CONTROL.name) == {"subject/tea": b"{}"}


def test_a_copy_that_was_made_while_a_killed_reindex_had_the_index_blocked_takes_changes(pipeline: Pipeline) -> None:
    pipeline.index.ensure()
    pipeline.versions.block(INDEX)
    path = back_up(pipeline)

    operate(pipeline, "restore", path, "--overwrite")

    assert pipeline.index.write([Write(a_video("a"), None)])[0].outcome == "written"
    with Elasticsearch(pipeline.node.url) as client:
        client.indices.put_settings(index=INDEX, settings={"index.blocks.write": True})
    assert not pipeline.versions.is_blocked()


def test_with_another_secret_it_says_so_before_anything_is_changed(pipeline: Pipeline, wiped: Wiped) -> None:
    pipeline.index.ensure()
    ask_for_things(pipeline)
    path = back_up(pipeline)
    wiped.lose_the_index()
    other = {**wiped.environment, "DATA_DIR": str(pipeline.directory / "elsewhere")}

    refused = run(pipeline, "restore", path, **other)

    assert refused.returncode == 1
    assert "2 API keys and alerts of this backup were encrypted with another secret" in refused.stderr
    assert "AIza" not in refused.stderr
    assert not (pipeline.directory / "elsewhere").exists()
    assert newest(wiped.log, CONTROL.name) == {}
    assert pipeline.versions.current() is None

    operate(pipeline, "restore", path, "--without-secret", **other)

    assert "subject/tea" in newest(wiped.log, CONTROL.name)


def test_without_a_copy_of_the_index_it_is_made_from_the_videos(pipeline: Pipeline, wiped: Wiped) -> None:
    pipeline.index.ensure()
    video = a_video("a")
    pipeline.index.write([Write(video, None)])
    pipeline.log.append([NewRecord(VIDEOS.name, "a", video.to_json())])
    path = back_up(pipeline, "--without-snapshot")
    wiped.lose_the_index()

    operate(pipeline, "restore", path, **wiped.environment)

    assert pipeline.in_index() == {"a": video.model_dump(mode="json")}


def test_an_elasticsearch_that_may_not_write_there_is_named_before_anything_is_written(pipeline: Pipeline) -> None:
    pipeline.index.ensure()
    with pytest.raises(RefusedError, match=r"path\.repo"):
        Snapshots(pipeline.versions.client).check("/somewhere/else")
