"""Fixtures that several rooms share: the real engines, as processes, or in Docker with TEST_ENGINES=containers.

Where an engine cannot be had its tests are skipped, with the reason and the command that installs what is missing;
with REQUIRE_ENGINES=1 they fail instead.
"""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import pytest
from elasticsearch import Elasticsearch

from stack.docker_engine import problem
from stack.engines import (
    ElasticsearchHome,
    EngineError,
    KafkaHome,
    KafkaPorts,
    elasticsearch_part,
    kafka_part,
    prepare_elasticsearch,
    prepare_kafka,
)
from stack.engines.elasticsearch import elasticsearch_url as node_url
from stack.ports import free_port
from tests.engine import RunningEngine
from tests.guarded_kafka import GuardedKafka

if TYPE_CHECKING:
    from tests.containers import ContainerEngine

Engine: TypeAlias = "RunningEngine | ContainerEngine"

IN_CONTAINERS = os.environ.get("TEST_ENGINES") == "containers"
ENGINES_DIR = Path(os.environ.get("ENGINES_DIR") or Path(__file__).parent.parent / ".engines")


@pytest.fixture(scope="session")
def kafka_home() -> KafkaHome:
    """The broker's program, downloaded where it is not there yet."""
    try:
        return prepare_kafka(ENGINES_DIR, print)
    except EngineError as missing:
        _without_engine("Kafka", missing)


@pytest.fixture(scope="session")
def elasticsearch_home() -> ElasticsearchHome:
    """The node's program, downloaded where it is not there yet."""
    try:
        return prepare_elasticsearch(ENGINES_DIR, print)
    except EngineError as missing:
        _without_engine("Elasticsearch", missing)


@pytest.fixture(scope="session")
def kafka_bootstrap_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a broker that all tests share: use topics and groups of your own."""
    given = os.environ.get("TEST_KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    broker = _broker(request, tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker.bootstrap_servers
    broker.remove()


@pytest.fixture(scope="session")
def guarded_kafka(kafka_home: KafkaHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    """A broker with TLS, users and access control lists that all tests share: use topics and groups of your own."""
    broker = GuardedKafka(kafka_home, tmp_path_factory.mktemp("guarded-kafka"))
    broker.start()
    yield broker
    broker.engine.remove()


@pytest.fixture(scope="session")
def shared_node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The only node of all tests of a process: it takes longer to start than most of them."""
    node = _node(request, tmp_path_factory.mktemp("elasticsearch"))
    node.start()
    yield node
    node.remove()


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    """The address of a node that all tests of a process share: use indices of your own. One that is given: `-n 0`."""
    given = os.environ.get("TEST_ELASTICSEARCH_URL")
    if given:
        return given
    node: Engine = request.getfixturevalue("shared_node")
    return node.url


@pytest.fixture
def kafka_broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A running broker of the test's own, to kill and start again."""
    broker = _broker(request, tmp_path / "kafka")
    broker.start()
    yield broker
    broker.remove()


@pytest.fixture
def elasticsearch_node(shared_node: Engine) -> Iterator[Engine]:
    """The node without any index, to kill and start again."""
    with Elasticsearch(shared_node.url) as client:
        for name in client.indices.get(index="*"):
            client.indices.delete(index=name)
    yield shared_node
    shared_node.start_unless_running()


def _broker(request: pytest.FixtureRequest, directory: Path) -> Engine:
    if IN_CONTAINERS:
        return _containers().a_broker()
    port = free_port()
    ports = KafkaPorts(port, free_port({port}))
    part = kafka_part(request.getfixturevalue("kafka_home"), directory, ports)
    return RunningEngine(part, ports.bootstrap_servers, directory)


def _node(request: pytest.FixtureRequest, directory: Path) -> Engine:
    if IN_CONTAINERS:
        return _containers().a_node()
    port = free_port()
    part = elasticsearch_part(request.getfixturevalue("elasticsearch_home"), directory, port)
    return RunningEngine(part, node_url(port), directory)


def _containers() -> ModuleType:
    reason = problem()
    if reason is not None:
        pytest.fail(f"TEST_ENGINES=containers needs Docker, and {reason}", pytrace=False)
    return importlib.import_module("tests.containers")


def _without_engine(name: str, missing: EngineError) -> NoReturn:
    reason = f"{name} cannot be had here: {missing}"
    if os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
