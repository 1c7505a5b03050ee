"""Streams and alerts on a real Kafka, with the partitions and the outages that it has."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from event_log.kafka import KafkaLog
from key_vault import KeyVault
from query_api.app import create_app
from query_api.settings import ApiSettings
from schemas import ALL_TOPICS, VIDEOS
from stack.ports import free_port
from stack.process import wait_until
from tests.engine import RunningEngine
from tests.query_api.service import Service
from tests.query_api.test_server import running
from tests.query_api.test_stream import Client, new_video, tell
from tests.query_api.webhook import receiving
from video_index.embedded import EmbeddedIndex

pytestmark = pytest.mark.kafka

MANY = 30


@pytest.fixture
def broker(kafka_broker: RunningEngine) -> RunningEngine:
    """A broker with all topics."""
    with KafkaLog(kafka_broker.bootstrap_servers) as log:
        log.create_topics(ALL_TOPICS)
    return kafka_broker


@contextmanager
def serving(directory: Path, broker: RunningEngine) -> Iterator[tuple[Any, str]]:
    """A service on the broker, and its address."""
    settings = ApiSettings(
        _env_file=None,  # type: ignore[call-arg]
        stack="native",
        data_dir=directory,
        api_port=free_port(),
        allow_private_webhooks=True,
    )
    with KafkaLog(broker.bootstrap_servers) as log, EmbeddedIndex(directory / "index") as index:
        app = create_app(settings, log, index, KeyVault.open(directory))
        service = Service(app, None, log, index)  # type: ignore[arg-type]
        with running(service) as port:
            yield service, f"http://127.0.0.1:{port}"


def videos(first: int, count: int = MANY) -> list[Any]:
    """So many that every partition has some."""
    return [new_video(f"v{number:03}") for number in range(first, first + count)]


def ids(first: int, count: int = MANY) -> set[str]:
    return {video.video_id for video in videos(first, count)}


def soon(holds: Callable[[], bool]) -> None:
    assert wait_until(holds, 60, lambda: False)


@contextmanager
def listening(address: str, last_id: str = "") -> Iterator[Client]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with httpx2.stream("GET", f"{address}/stream", headers=headers, timeout=60) as answer:
        client = Client(answer)
        client.begin()
        client.last_id = last_id or client.last_id
        yield client


def test_a_stream_outlives_the_broker_and_goes_on_after_a_restart_without_loss(
    tmp_path: Path, broker: RunningEngine
) -> None:
    with serving(tmp_path, broker) as (service, address):
        with listening(address) as client:
            tell(service, *videos(0))
            assert set(client.ids(MANY)) == ids(0)
            broker.kill()
            broker.start()
            tell(service, *videos(MANY))
            assert set(client.ids(MANY - 10)) <= ids(MANY)
            last = client.last_id
        tell(service, *videos(2 * MANY))

    with serving(tmp_path, broker) as (_, address), listening(address, last) as client:
        told = client.ids(MANY + 10)

    assert ids(2 * MANY) < set(told) < ids(MANY) | ids(2 * MANY)
    assert len(set(told)) == len(told)


def test_an_alert_outlives_the_broker_and_a_restart_without_loss(tmp_path: Path, broker: RunningEngine) -> None:
    with receiving() as webhook:
        with serving(tmp_path, broker) as (service, address):
            body = {"name": "all", "webhook": webhook.address}
            made = httpx2.post(f"{address}/alerts", json=body, timeout=30)
            assert made.status_code == 201
            alert = f"/alerts/{made.json()['id']}"
            tell(service, *videos(0))
            soon(lambda: set(webhook.ids()) == ids(0))
            broker.kill()
            broker.start()
            tell(service, *videos(MANY))
            soon(lambda: set(webhook.ids()) == ids(0) | ids(MANY))
            soon(lambda: httpx2.get(address + alert).json()["delivered"] >= 2 * MANY)
        with KafkaLog(broker.bootstrap_servers) as log:
            tell(Service(None, None, log, None), *videos(2 * MANY))  # type: ignore[arg-type]
        before = len(webhook.ids())

        with serving(tmp_path, broker):
            soon(lambda: len(webhook.ids()) >= before + MANY)

    assert set(webhook.ids()[before:]) == ids(2 * MANY)
    assert VIDEOS.partitions > 1
