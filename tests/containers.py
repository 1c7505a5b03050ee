"""The same engines as containers, through testcontainers: TEST_ENGINES=containers runs the tests on them.

`tests.engine` runs them as processes; what a test can do to either is the same.
"""

import os
from collections.abc import Callable
from typing import Any

# Its own cleaner is one more image; what is started here is removed here.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
os.environ.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")

from testcontainers.core.container import DockerContainer

from stack.engines import ELASTICSEARCH_VERSION, KAFKA_VERSION
from stack.engines.ready import elasticsearch_answers, kafka_answers
from stack.ports import LOOPBACK, free_port
from stack.process import wait_until

_READY_S = 120.0
_STOP_S = 30
_KAFKA, _ELASTICSEARCH = 29092, 9200


class ContainerEngine:
    """A Kafka broker or an Elasticsearch node in a container that a test may kill and start again."""

    def __init__(self, container: DockerContainer, address: str, ready: Callable[[], bool]) -> None:
        self._container = container
        self._address = address
        self._ready = ready
        self._made = False

    @property
    def bootstrap_servers(self) -> str:
        """The address of a broker, `host:port`."""
        return self._address

    @property
    def url(self) -> str:
        """The address of a node, `http://host:port`."""
        return self._address

    def start(self) -> None:
        """Starts the engine on the data it had before, and returns when it answers."""
        if self._made:
            self._wrapped.start()
        else:
            self._container.start()
            self._made = True
        if not wait_until(self._ready, _READY_S):
            log = self._wrapped.logs(tail=30).decode(errors="replace")
            self.remove()
            raise AssertionError(f"{self._container.image} did not start; the end of its log:\n{log}")

    def start_unless_running(self) -> None:
        """For whoever follows a test that left it killed."""
        self._wrapped.reload()
        if self._wrapped.status != "running":
            self.start()

    def kill(self) -> None:
        """Ends the engine as a crash would, with SIGKILL."""
        self._wrapped.kill()

    def pause(self) -> None:
        """Lets it do nothing at all, not even refuse a connection."""
        self._wrapped.pause()

    def resume(self) -> None:
        self._wrapped.unpause()

    def remove(self) -> None:
        """Ends it and removes its data."""
        if self._made:
            self._container.stop(force=True, delete_volume=True)
            self._made = False

    @property
    def _wrapped(self) -> Any:
        return self._container.get_wrapped_container()


def a_broker() -> ContainerEngine:
    """A broker, not started yet, on a port of its own of the loopback address."""
    port = free_port()
    address = f"{LOOPBACK}:{port}"
    container = _container(f"apache/kafka:{KAFKA_VERSION}", _KAFKA, port)
    for name, value in _broker_settings(address).items():
        container.with_env(f"KAFKA_{name.upper().replace('.', '_')}", value)
    return ContainerEngine(container, address, lambda: kafka_answers(address))


def a_node() -> ContainerEngine:
    """A node, not started yet, on a port of its own of the loopback address."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    container = _container(f"elasticsearch:{ELASTICSEARCH_VERSION}", _ELASTICSEARCH, port)
    container.with_env("discovery.type", "single-node").with_env("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
    container.with_env("xpack.security.enabled", "false")
    container.with_env("cluster.routing.allocation.disk.threshold_enabled", "false")
    return ContainerEngine(container, url, lambda: elasticsearch_answers(url))


def _container(image: str, inside: int, port: int) -> DockerContainer:
    container = DockerContainer(image)
    container.ports[inside] = (LOOPBACK, port)  # type: ignore[assignment]
    return container


def _broker_settings(address: str) -> dict[str, str]:
    return {
        "node.id": "1",
        "process.roles": "broker,controller",
        "controller.quorum.voters": "1@localhost:9093",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"INSIDE://:9092,OUTSIDE://:{_KAFKA},CONTROLLER://:9093",
        "advertised.listeners": f"INSIDE://localhost:9092,OUTSIDE://{address}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT",
        "inter.broker.listener.name": "INSIDE",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
    }
