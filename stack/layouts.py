"""The parts of each stack that runs as processes of this machine."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from stack.console import Say
from stack.directory import StackDirectory
from stack.engines import KafkaPorts, elasticsearch_part, kafka_part, prepare_elasticsearch, prepare_kafka
from stack.engines.elasticsearch import elasticsearch_url
from stack.errors import RefusedError
from stack.loopback import api_answers, listens
from stack.part import Layout, Part
from stack.ports import LOOPBACK, choose_ports
from stack.settings import SEARCHES_PER_DAY, StackSettings


@dataclass(frozen=True, slots=True)
class _Piece:
    """Parts of one kind, and what the services have to be told to find them."""

    environment: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()


def build_layout(settings: StackSettings, directory: StackDirectory, say: Say) -> Layout:
    """The stack that the settings name, which is one of local processes.

    Chooses its ports and prepares its engines. Raises EngineMissingError and RefusedError.
    """
    if settings.stack == "native":
        return native_layout(settings, directory, say)
    return embedded_layout(settings, directory)


def embedded_layout(settings: StackSettings, directory: StackDirectory) -> Layout:
    """Everything in one process, beside the emulator where data are simulated."""
    emulator = _emulator(settings, directory)
    environment = {**_environment(settings), **emulator.environment}
    product = _python("embedded", "stack.embedded", environment, partial(api_answers, settings.api_url))
    return Layout("embedded", settings.simulated, _stages(emulator.parts, (product,)), {"api": settings.api_url})


def native_layout(settings: StackSettings, directory: StackDirectory, say: Say) -> Layout:
    """Kafka and Elasticsearch, where the user named no others, then one process for each service.

    Downloads the engines where they are not there yet. Raises EngineMissingError and RefusedError.
    """
    kafka = _kafka(settings, directory, say)
    elasticsearch = _elasticsearch(settings, directory, say)
    emulator = _emulator(settings, directory)
    environment = {
        **_environment(settings),
        **kafka.environment,
        **elasticsearch.environment,
        **emulator.environment,
    }
    services = (
        _python("producer", "producer", environment),
        # A name for static membership: after a crash the worker gets its partitions back without a wait.
        _python("processor", "processor", {"PROCESSOR_INSTANCE_ID": "processor-1", **environment}),
        _python("query_api", "query_api", environment, partial(api_answers, settings.api_url)),
    )
    addresses = {
        "api": settings.api_url,
        "kafka": environment["KAFKA_BOOTSTRAP_SERVERS"],
        "elasticsearch": environment["ELASTICSEARCH_URL"],
    }
    engines = (*kafka.parts, *elasticsearch.parts, *emulator.parts)
    return Layout("native", settings.simulated, _stages(engines, services), addresses)


def native_engines(
    settings: StackSettings, directory: StackDirectory, say: Say
) -> tuple[tuple[Part, ...], dict[str, str]]:
    """Kafka and Elasticsearch, but for those that the user named, and where they are. Raises EngineMissingError."""
    kafka = _kafka(settings, directory, say)
    elasticsearch = _elasticsearch(settings, directory, say)
    addresses = {
        "kafka": kafka.environment["KAFKA_BOOTSTRAP_SERVERS"],
        "elasticsearch": elasticsearch.environment["ELASTICSEARCH_URL"],
    }
    return (*kafka.parts, *elasticsearch.parts), addresses


def _kafka(settings: StackSettings, directory: StackDirectory, say: Say) -> _Piece:
    if settings.kafka_bootstrap_servers:
        return _Piece({"KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers})
    if settings.kafka_security_protocol != "PLAINTEXT":
        raise RefusedError(
            f"KAFKA_SECURITY_PROTOCOL={settings.kafka_security_protocol} is for a Kafka of your own, and the one "
            "that would be started here speaks PLAINTEXT: set KAFKA_BOOTSTRAP_SERVERS as well, or leave it out"
        )
    home = prepare_kafka(settings.engines_dir, say)
    ports = choose_ports(directory, ("kafka", "kafka_controller"))
    chosen = KafkaPorts(ports["kafka"], ports["kafka_controller"])
    part = kafka_part(home, directory.root / "kafka", chosen, settings.kafka_heap_mb)
    return _Piece({"KAFKA_BOOTSTRAP_SERVERS": chosen.bootstrap_servers}, (part,))


def _elasticsearch(settings: StackSettings, directory: StackDirectory, say: Say) -> _Piece:
    if settings.elasticsearch_url:
        return _Piece({"ELASTICSEARCH_URL": settings.elasticsearch_url})
    home = prepare_elasticsearch(settings.engines_dir, say)
    port = choose_ports(directory, ("elasticsearch",))["elasticsearch"]
    data, backups = directory.root / "elasticsearch", settings.backup_dir.expanduser()
    part = elasticsearch_part(home, data, port, settings.elasticsearch_heap_mb, backups)
    return _Piece({"ELASTICSEARCH_URL": elasticsearch_url(port)}, (part,))


def _emulator(settings: StackSettings, directory: StackDirectory) -> _Piece:
    if not settings.simulated:
        return _Piece()
    port = choose_ports(directory, ("emulator",))["emulator"]
    arguments = ["--port", str(port), "--searches-per-day", str(SEARCHES_PER_DAY)]
    if settings.simulated_catalogue:
        arguments += ["--catalogue", settings.simulated_catalogue]
    part = _python("emulator", "youtube_emulator", {}, partial(listens, port), arguments)
    environment = {
        "YOUTUBE_API_URL": f"http://{LOOPBACK}:{port}/youtube/v3",
        "SEARCHES_PER_DAY": str(SEARCHES_PER_DAY),
    }
    return _Piece(environment, (part,))


def _python(
    name: str,
    module: str,
    environment: Mapping[str, str],
    ready: Callable[[], bool] = lambda: True,
    arguments: list[str] | None = None,
) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-m", module, *(arguments or [])),
        environment={"PYTHONUNBUFFERED": "1", **environment},
        ready=ready,
    )


def _environment(settings: StackSettings) -> dict[str, str]:
    """What every service is told; the rest they read from the environment and `.env` themselves."""
    # Proxies are for YouTube, not for what goes from one part to another.
    direct = [
        name for name in (os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), LOOPBACK, "localhost") if name
    ]
    return {**settings.for_children(), "NO_PROXY": ",".join(direct), "no_proxy": ",".join(direct)}


def _stages(*stages: tuple[Part, ...]) -> tuple[tuple[Part, ...], ...]:
    return tuple(stage for stage in stages if stage)
