"""Whether a Docker engine can be used, and whether it has room for the stack."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stack.console import Say
from stack.errors import RefusedError
from stack.occupant import by_whom
from stack.ports import LOOPBACK, is_taken, listen_problem

_ANSWERS_WITHIN_S = 20
_GIB = 1024**3
_LEAST_MEMORY = 2 * _GIB
"""What Kafka, Elasticsearch and the services take up with next to no data (measured: 1.2 GiB), and some air."""
_LEAST_DISK = 2 * _GIB
"""Images that are made here and the first data; engines misbehave long before the last byte."""
_LEAST_ENGINE = 25
"""The first that knows `start_interval`, with which docker-compose.yml asks containers how they are (Docker's release
notes of 25.0)."""
_LEAST_MAPS = 262_144
"""Elastic's documentation, "Virtual memory": what vm.max_map_count has to be."""
_MAPS = Path("/proc/sys/vm/max_map_count")


def problem() -> str | None:
    """Why the stack cannot run on Docker, or None when it can."""
    docker = shutil.which("docker")
    if docker is None:
        return "there is no docker command"
    engine = _ask([docker, "version", "--format", "{{.Server.Version}}"])
    if engine is None or engine.returncode != 0:
        said = "" if engine is None else engine.stderr
        if "permission denied" in said.lower():
            return "this user may not talk to the Docker engine (on Linux: be in the group docker)"
        return "no Docker engine answers"
    version = engine.stdout.strip()
    major = version.partition(".")[0]
    if major.isdecimal() and int(major) < _LEAST_ENGINE:
        return f"the Docker engine is of version {version}, and {_LEAST_ENGINE} or newer is needed"
    compose = _ask([docker, "compose", "version", "--short"])
    if compose is None or compose.returncode != 0:
        return "Docker has no compose plugin (Compose v2; Debian, Ubuntu: apt-get install docker-compose-v2)"
    return None


def check_room(say: Say) -> None:
    """Raises RefusedError for an engine without memory or disk for the stack; says what else is short."""
    answer = _ask(["docker", "info", "--format", "{{json .}}"])
    if answer is None or answer.returncode != 0:
        return
    info = json.loads(answer.stdout)
    root = Path(info.get("DockerRootDir") or "/nowhere")
    # An engine in a machine of its own, as Docker Desktop's, keeps its disk and kernel to itself.
    here = root.is_dir()
    too_little = shortage(info, shutil.disk_usage(root).free if here else None)
    if too_little is not None:
        raise RefusedError(f"{too_little} Nothing was started.")
    if here and (found := _maps()) is not None and found < _LEAST_MAPS:
        say(
            f"note: vm.max_map_count is {found}, and Elasticsearch asks for {_LEAST_MAPS}. It starts with less, as a "
            f"single node, and may fail once it holds much: sudo sysctl -w vm.max_map_count={_LEAST_MAPS}"
        )


def shortage(info: Mapping[str, object], free_bytes: int | None) -> str | None:
    """What the engine that describes itself so has too little of, and what to do; None when there is enough."""
    memory = info.get("MemTotal")
    if isinstance(memory, int) and 0 < memory < _LEAST_MEMORY:
        return (
            f"Docker has {memory / _GIB:.1f} GiB of memory, and Kafka and Elasticsearch alone need "
            f"{_LEAST_MEMORY / _GIB:.0f}: give it more (Docker Desktop: Settings, Resources), or use STACK=embedded."
        )
    if free_bytes is not None and free_bytes < _LEAST_DISK:
        return (
            f"the disk that Docker keeps images and volumes on ({info.get('DockerRootDir')}) has "
            f"{free_bytes / _GIB:.1f} GiB free, and {_LEAST_DISK / _GIB:.0f} are needed: make room (docker system df "
            "shows what Docker itself takes)."
        )
    return None


def check_ports(environment: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Raises RefusedError for a port of the settings called `names` that another program has."""
    for name in names:
        port = int(environment[name])
        found = listen_problem(LOOPBACK, port)
        if found is not None and is_taken(found):
            raise RefusedError(
                f"port {port} is in use{by_whom(port)}. Nothing was started. Choose another one with {name}"
            )


def _maps() -> int | None:
    try:
        return int(_MAPS.read_text())
    except (OSError, ValueError):
        return None


def _ask(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(  # noqa: S603 - a command made here
            command, capture_output=True, text=True, check=False, timeout=_ANSWERS_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
