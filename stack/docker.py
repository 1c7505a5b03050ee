"""Runs the stack as containers, through `docker compose` and the file at the top of the checkout."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from stack.api_port import check_api_port
from stack.console import Say
from stack.directory import StackDirectory
from stack.errors import RefusedError, StackError
from stack.origin import Origin, write_origin
from stack.ports import choose_ports
from stack.settings import SEARCHES_PER_DAY, StackSettings

COMPOSE_FILE = Path(__file__).parent.parent / "docker-compose.yml"

_ANSWERS_WITHIN_S = 20
_START_WITHIN_S = 900


def problem() -> str | None:
    """Why the stack cannot run on Docker, or None when it can."""
    docker = shutil.which("docker")
    if docker is None:
        return "there is no docker command"
    if not _succeeds([docker, "version"]):
        return "no Docker engine answers"
    if not _succeeds([docker, "compose", "version"]):
        return "Docker has no compose plugin"
    return None


def compose(directory: StackDirectory, *arguments: str) -> list[str]:
    """A command of `docker compose` for the containers of this directory."""
    return ["docker", "compose", "--file", str(COMPOSE_FILE), "--project-name", project(directory), *arguments]


def project(directory: StackDirectory) -> str:
    """The name of the containers and volumes of this directory: two stacks side by side have two."""
    return f"topicreel-{hashlib.sha256(str(directory.root).encode()).hexdigest()[:8]}"


def runs(directory: StackDirectory) -> bool:
    """Whether any container of this directory runs."""
    answer = subprocess.run(  # noqa: S603 - a command made here
        compose(directory, "--profile", "*", "ps", "--quiet"),
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode == 0 and bool(answer.stdout.strip())


def up(settings: StackSettings, directory: StackDirectory, origin: Origin, say: Say, *, foreground: bool) -> bool:
    """Builds the images and starts the containers; returns once all are healthy.

    False when they ran already. In the foreground it returns when they have ended. Raises StackError.
    """
    reason = problem()
    if reason is not None:
        raise RefusedError(
            f"STACK=docker needs Docker, and {reason}. Start it, or use STACK=embedded or STACK=native"
        )
    if runs(directory):
        say(f"the containers of {directory} are already running: nothing was changed")
        return False
    check_api_port(settings)
    write_origin(directory, origin)
    profile = ["--profile", "demo"] if settings.simulated else []
    way = [] if foreground else ["--detach", "--wait", "--wait-timeout", str(_START_WITHIN_S)]
    say("building the images and starting the containers: minutes the first time, seconds later")
    environment = {**_ports(directory), **_environment(settings)}
    _run(compose(directory, *profile, "up", "--build", *way), environment)
    return True


def down(directory: StackDirectory, say: Say) -> None:
    """Stops and removes the containers; their volumes stay. Raises StackError."""
    say(f"stopping the containers of {directory}")
    _run(compose(directory, "--profile", "*", "down"), _environment())


def remove_data(directory: StackDirectory, say: Say) -> None:
    """Removes containers and volumes. Raises StackError."""
    say(f"removing the containers and volumes of {directory}")
    _run(compose(directory, "--profile", "*", "down", "--volumes"), _environment())


def show(directory: StackDirectory, *arguments: str) -> None:
    """Lets a compose command print what it knows."""
    subprocess.run(compose(directory, *arguments), env=_environment(), check=False)  # noqa: S603 - made here


def become(directory: StackDirectory, *arguments: str) -> NoReturn:
    """Turns this process into a compose command."""
    command = compose(directory, *arguments)
    os.execvpe(command[0], command, _environment())  # noqa: S606 - no shell


def _ports(directory: StackDirectory) -> dict[str, str]:
    """Free ports of this host for what the user gave none for."""
    ports = choose_ports(directory, ("kafka", "elasticsearch", "kibana"))
    return {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - a command made here
    if code != 0:
        raise StackError(f"docker compose ended with exit code {code}; what it said is above. See also: make logs")


def _environment(settings: StackSettings | None = None) -> dict[str, str]:
    """The environment compose fills the file's variables from."""
    environment = dict(os.environ)
    if settings is not None:
        environment |= settings.for_children()
        if settings.simulated:
            environment["YOUTUBE_API_URL"] = "http://youtube_emulator:8080/youtube/v3"
            environment["SEARCHES_PER_DAY"] = str(SEARCHES_PER_DAY)
        if settings.simulated_catalogue:
            # The emulator tells a packed catalogue by its name.
            inside = "/catalogue.jsonl.gz" if settings.simulated_catalogue.endswith(".gz") else "/catalogue.jsonl"
            environment["CATALOGUE_INSIDE"] = inside
            environment["EMULATOR_ARGUMENTS"] = f"--catalogue {inside}"
    return environment


def _succeeds(command: list[str]) -> bool:
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=_ANSWERS_WITHIN_S)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
