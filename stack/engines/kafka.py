"""A single Kafka broker as a local process: KRaft, broker and controller in one, on the loopback address."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stack.console import Say
from stack.engines.errors import EngineFailedError
from stack.engines.install import install
from stack.engines.jdk import Jdk, find_jdk
from stack.engines.maven import download
from stack.engines.ready import kafka_answers
from stack.engines.versions import KAFKA_JAVA, KAFKA_SCALA, KAFKA_VERSION, LOG4J_VERSION
from stack.part import Part
from stack.ports import LOOPBACK

ARTIFACTS = (
    f"org.apache.kafka:kafka_{KAFKA_SCALA}:{KAFKA_VERSION}",
    f"org.apache.kafka:kafka-tools:{KAFKA_VERSION}",
    f"org.apache.logging.log4j:log4j-slf4j-impl:{LOG4J_VERSION}",
)
CLUSTER_ID = "dG9waWNyZWVsLWxvY2FsLQ"
"""Sixteen bytes in base64, as Kafka wants them; a broker refuses data of another cluster."""

_LOGGING = Path(__file__).with_name("kafka_log4j2.yaml")


@dataclass(frozen=True, slots=True)
class KafkaHome:
    """The broker's jars in `directory/libs`, and the Java that runs them."""

    directory: Path
    jdk: Jdk

    def java(self, main: str, *arguments: str, heap_mb: int) -> tuple[str, ...]:
        """The command that runs a class of Kafka's."""
        return (
            str(self.jdk.java),
            f"-Xmx{heap_mb}m",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={_LOGGING}",
            "-classpath",
            f"{self.directory / 'libs'}/*",
            main,
            *arguments,
        )


@dataclass(frozen=True, slots=True)
class KafkaPorts:
    """Where the broker listens: for clients, and for itself as its own controller."""

    broker: int
    controller: int

    @property
    def bootstrap_servers(self) -> str:
        """What a client is told."""
        return f"{LOOPBACK}:{self.broker}"


def prepare_kafka(engines_dir: Path, say: Say) -> KafkaHome:
    """Downloads the broker into `engines_dir` unless it is there. Raises EngineMissingError."""
    jdk = find_jdk(KAFKA_JAVA)

    def build(directory: Path) -> None:
        say(f"Kafka {KAFKA_VERSION} is downloaded once, about 110 MB, through Maven")
        download(f"Kafka {KAFKA_VERSION}", ARTIFACTS, directory / "libs", say)

    return KafkaHome(install(engines_dir.resolve() / f"kafka-{KAFKA_VERSION}", build, say), jdk)


def kafka_part(home: KafkaHome, data_dir: Path, ports: KafkaPorts, heap_mb: int = 512) -> Part:
    """The broker with its data in `data_dir`, as a part of a stack."""
    data_dir = data_dir.resolve()
    properties = data_dir / "server.properties"
    return Part(
        name="kafka",
        command=home.java("kafka.Kafka", str(properties), heap_mb=heap_mb),
        prepare=partial(_prepare_data, home, data_dir, ports),
        ready=partial(kafka_answers, ports.bootstrap_servers),
        ready_within=90.0,
        stop_within=30.0,
    )


def console_consumer(home: KafkaHome, bootstrap_servers: str, topic: str) -> tuple[str, ...]:
    """The command that prints the key and value of every record of `topic`, from the first, and goes on."""
    return home.java(
        "org.apache.kafka.tools.consumer.ConsoleConsumer",
        "--bootstrap-server",
        bootstrap_servers,
        "--topic",
        topic,
        "--from-beginning",
        "--formatter-property",
        "print.key=true",
        heap_mb=128,
    )


def server_properties(log_dir: Path, ports: KafkaPorts) -> str:
    """The broker's configuration, with its records in `log_dir`."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{ports.controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{ports.broker},CONTROLLER://{LOOPBACK}:{ports.controller}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{ports.broker}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": log_dir,
        # One broker has one replica of everything.
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # The services create their topics with the right settings; a client that is early must not be first.
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": 0,
        # A stack that rests for weeks goes on where it stopped: longer than any record is kept.
        "offsets.retention.minutes": 60 * 24 * 35,
        # After kill -9 the broker has to wait out its own former session before it may serve.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        # Small, so that the start is short and the heap suffices.
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.num.partitions": 4,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _prepare_data(home: KafkaHome, data_dir: Path, ports: KafkaPorts) -> None:
    """Writes the configuration and, the first time, formats the log directory."""
    data_dir.mkdir(parents=True, exist_ok=True)
    records = data_dir / "records"
    (data_dir / "server.properties").write_text(server_properties(records, ports))
    if not records.exists():
        _format(home, records, ports)


def _format(home: KafkaHome, records: Path, ports: KafkaPorts) -> None:
    # Formatted aside and renamed: a half-formatted directory would be refused for ever.
    aside = records.with_name("records.partial")
    shutil.rmtree(aside, ignore_errors=True)
    formatting = records.with_name("format.properties")
    formatting.write_text(server_properties(aside, ports))
    command = home.java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(formatting), heap_mb=128)
    try:
        result = subprocess.run(  # noqa: S603 - a command made here
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
        )
    except subprocess.TimeoutExpired:
        raise EngineFailedError(f"Kafka took more than 120 s to format {aside}") from None
    if result.returncode != 0:
        raise EngineFailedError(f"Kafka could not format {aside}: {(result.stderr or result.stdout).strip()[-500:]}")
    formatting.unlink()
    aside.rename(records)
