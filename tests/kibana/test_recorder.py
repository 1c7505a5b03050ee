"""The history of the pipeline's health on a real node, from what a real log tells."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from elasticsearch import Elasticsearch

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from event_log.open import EMBEDDED_FILE
from kibana import HealthIndex, PipelineHealth
from kibana.errors import HealthNotKeptError
from kibana.health_index import PATTERN, index_of
from kibana.recorder import record
from observability import LifeSign
from schemas import ALL_TOPICS, DEAD_LETTERS, POLL_STATE, RAW, utc_now
from tests.kibana.demo import a_status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def node(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url) as client:
        for name in client.indices.get(index=PATTERN):
            client.indices.delete(index=name)
        yield client


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[HealthIndex]:
    with HealthIndex(elasticsearch_url) as health_index:
        yield health_index


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / EMBEDDED_FILE) as embedded:
        embedded.create_topics(ALL_TOPICS)
        yield embedded


def minute(at: datetime, dead_letters: int = 0) -> PipelineHealth:
    return PipelineHealth(at=at, state="polling", reason=None, dead_letters=dead_letters)


def kept(node: Elasticsearch) -> list[PipelineHealth]:
    """All minutes, oldest first."""
    node.indices.refresh(index=PATTERN)
    hits = node.search(index=PATTERN, sort=[{"at": "asc"}], size=100)["hits"]["hits"]
    return [PipelineHealth.model_validate(hit["_source"]) for hit in hits]


def await_condition(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "not so after 20 s"
        time.sleep(0.05)


@pytest.mark.elasticsearch
def test_a_minute_is_kept_once_however_often_it_is_told(node: Elasticsearch, index: HealthIndex) -> None:
    index.keep(minute(NOON, dead_letters=1))
    index.keep(minute(NOON + timedelta(seconds=59), dead_letters=2))
    index.keep(minute(NOON + timedelta(seconds=60), dead_letters=3))

    assert [each.dead_letters for each in kept(node)] == [2, 3]


@pytest.mark.elasticsearch
def test_days_are_deleted_when_they_are_older_than_four_weeks(node: Elasticsearch, index: HealthIndex) -> None:
    for days in range(40):
        index.keep(minute(NOON + timedelta(days=days)))

    last = NOON + timedelta(days=39)
    assert [each.at for each in kept(node)] == [last - timedelta(days=ago) for ago in range(28, -1, -1)]


@pytest.mark.elasticsearch
def test_other_indices_stay(node: Elasticsearch, index: HealthIndex) -> None:
    node.indices.create(index="topicreel-health-of-somebody")

    index.keep(minute(NOON))

    assert set(node.indices.get(index=PATTERN)) == {"topicreel-health-of-somebody", index_of(NOON)}


def test_without_elasticsearch_the_reason_is_told() -> None:
    with (
        HealthIndex("http://127.0.0.1:9") as nowhere,
        pytest.raises(HealthNotKeptError, match="Elasticsearch is away"),
    ):
        nowhere.keep(minute(NOON))


@pytest.mark.elasticsearch
def test_what_the_log_tells_is_kept_until_it_is_stopped(
    node: Elasticsearch, index: HealthIndex, log: EmbeddedLog, tmp_path: Path
) -> None:
    status = a_status(utc_now())
    log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])
    log.append([NewRecord(RAW.name, "abc", b"{}"), NewRecord(DEAD_LETTERS.name, "abc", b"{}")])
    stop = Event()
    sign = tmp_path / "alive"
    recorder = Thread(target=record, args=(log, index, stop, 0.05, LifeSign(sign)))

    recorder.start()
    try:
        await_condition(lambda: bool(node.indices.get(index=PATTERN)) and bool(kept(node)))
    finally:
        stop.set()
        recorder.join(10)

    assert not recorder.is_alive()
    last = kept(node)[-1]
    assert (last.state, last.searches_left, last.lag_search, last.dead_letters) == ("polling", 140, 1, 1)
    assert sign.exists()


def test_an_elasticsearch_that_is_away_ends_nothing_and_is_no_sign_of_life(
    log: EmbeddedLog, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    stop, sign = Event(), tmp_path / "alive"

    with HealthIndex("http://127.0.0.1:9") as nowhere:
        recorder = Thread(target=record, args=(log, nowhere, stop, 0.01, LifeSign(sign)))
        recorder.start()
        try:
            await_condition(lambda: caplog.messages.count("health_not_kept") > 2)
        finally:
            stop.set()
            recorder.join(10)

    assert not recorder.is_alive()
    assert not sign.exists()


@pytest.mark.elasticsearch
def test_the_command_notes_minutes_until_it_is_told_to_end(
    node: Elasticsearch, elasticsearch_url: str, log: EmbeddedLog, tmp_path: Path
) -> None:
    settings = {"STACK": "embedded", "DATA_DIR": str(tmp_path), "ELASTICSEARCH_URL": elasticsearch_url}
    command = [sys.executable, "-m", "kibana", "record"]

    with subprocess.Popen(command, env={**os.environ, **settings}) as recorder:
        try:
            await_condition(lambda: bool(node.indices.get(index=PATTERN)) and bool(kept(node)))
        finally:
            recorder.terminate()

    assert recorder.returncode == 0
    assert kept(node)[-1].state == "away", "no producer has worked here yet"
