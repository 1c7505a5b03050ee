"""What the engine knows of the containers of one directory."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from stack.compose import answer, compose, project
from stack.compose_variables import PUBLISHED_ENGINES
from stack.directory import StackDirectory
from stack.docker_trouble import Container
from stack.ports import EVERYWHERE, LOOPBACK

_LINES = 400
_LOOK_BACK = "2m"
"""How long ago a container may have been ended that does not come up now."""
_GATEWAY_PORT = 8000
"""On which the gateway listens inside of its container."""


def runs(directory: StackDirectory, *services: str) -> bool:
    """Whether any container of this directory runs; of these services, if some are named."""
    return bool(answer(compose(directory, "--profile", "*", "ps", "--quiet", *services)).strip())


def are_well(directory: StackDirectory, *services: str) -> bool:
    """Whether each service has containers, and all of them run and answer, or have done their work."""
    found = [each for each in containers(directory) if each.service in services]
    return {each.service for each in found} == set(services) and all(each.well for each in found)


def published_ports(directory: StackDirectory) -> dict[str, int]:
    """Where the engines that run are published on this host, by their services."""
    found = {name: _published(directory, name, port) for name, port in PUBLISHED_ENGINES.items()}
    return {name: int(address.rpartition(":")[2]) for name, address in found.items() if address}


def kibana_url(directory: StackDirectory) -> str | None:
    """Where Kibana is published, or None where it does not run."""
    published = _published(directory, "kibana", PUBLISHED_ENGINES["kibana"])
    return f"http://{published}" if published else None


def api_url(directory: StackDirectory) -> str | None:
    """Where the API is reached from this machine, or None where it does not run."""
    published = _published(directory, "gateway", _GATEWAY_PORT)
    return f"http://{published.replace(EVERYWHERE, LOOPBACK)}" if published else None


def containers(directory: StackDirectory, *, logs: bool = False) -> list[Container]:
    """Every container of the directory, also those that ended; if asked, with the end of what they wrote, and with
    whether the kernel ended them lately."""
    ids = answer(compose(directory, "--profile", "*", "ps", "--all", "--quiet")).split()
    described = json.loads(answer(["docker", "inspect", *ids]) or "[]") if ids else []
    ended = _ended_for_memory(directory) if logs else set()
    return [_container(each, _log(each["Id"]) if logs else "", ended) for each in described]


def _published(directory: StackDirectory, service: str, port: int) -> str:
    """The address and port of this host, or nothing."""
    return answer(compose(directory, "port", service, str(port))).strip()


def _container(described: Mapping[str, Any], log: str, ended: set[str]) -> Container:
    # One that was started again since says nothing of it any more.
    killed = described["State"].get("OOMKilled") or described["Id"] in ended
    state = {**described["State"], "OOMKilled": killed}
    return Container(described["Config"]["Labels"]["com.docker.compose.service"], state, log)


def _ended_for_memory(directory: StackDirectory) -> set[str]:
    """The ids of containers that the kernel ended lately, for the memory they took."""
    filters = ["event=oom", f"label=com.docker.compose.project={project(directory)}"]
    options = [word for each in filters for word in ("--filter", each)]
    return set(
        answer(["docker", "events", "--since", _LOOK_BACK, "--until", "0s", *options, "--format", "{{.ID}}"]).split()
    )


def _log(container_id: str) -> str:
    ended = subprocess.run(  # noqa: S603 - a command made here
        ["docker", "logs", "--tail", str(_LINES), container_id],  # noqa: S607 - wherever Docker is
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return ended.stdout
