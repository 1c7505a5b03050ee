"""Runs the stack as containers, through `docker compose` and the file at the top of the checkout."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from stack.api_port import check_api_port
from stack.compose_variables import EMULATOR, variables_to_look, variables_to_start
from stack.console import Say
from stack.directory import StackDirectory
from stack.errors import RefusedError, StackError
from stack.origin import Origin, write_origin
from stack.ports import LOOPBACK
from stack.settings import StackSettings

COMPOSE_FILE = Path(__file__).parent.parent / "docker-compose.yml"

# What has to run; Kafka and Elasticsearch come with them.
_SERVICES = ("producer", "processor", "query_api")
_KIBANA = "kibana"

_ANSWERS_WITHIN_S = 20
# From when the images are there and the engines answer: more than the health check of the query API allows it.
_START_WITHIN_S = 180
_LOG_LINES = 5

_UNTIL_INPUT_ENDS = 'exec 3<&0; "$@" & (cat <&3; kill $!) >/dev/null 2>&1 & wait %1'


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
    # What `.env` says is handed over in the environment: compose reads quotes and `$` in it differently.
    file = ["--file", str(COMPOSE_FILE), "--env-file", os.devnull]
    return ["docker", "compose", *file, "--project-name", project(directory), *arguments]


def project(directory: StackDirectory) -> str:
    """The name of the containers and volumes of this directory: two stacks side by side have two."""
    return f"topicreel-{hashlib.sha256(str(directory.root).encode()).hexdigest()[:8]}"


def runs(directory: StackDirectory) -> bool:
    """Whether any container of this directory runs."""
    answer = subprocess.run(  # noqa: S603 - a command made here
        compose(directory, "--profile", "*", "ps", "--quiet"),
        env=variables_to_look(),
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode == 0 and bool(answer.stdout.strip())


def up(settings: StackSettings, directory: StackDirectory, origin: Origin, say: Say, *, foreground: bool) -> bool:
    """Builds the images and starts the containers; returns once all that is needed is healthy.

    False when they ran already. Kibana is started last, and the rest does without it. In the foreground this process
    then becomes one that shows the logs, and Ctrl-C stops the containers. Raises StackError.
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
    environment = variables_to_start(settings, directory)
    write_origin(directory, origin)
    services = [*_SERVICES, *([EMULATOR] if settings.simulated else [])]
    say("building the images and starting the containers: minutes the first time, seconds later")
    _start(directory, services, environment)
    if _start_kibana(directory, environment, say):
        services.append(_KIBANA)
    if foreground:
        _become(compose(directory, "up", "--no-recreate", "kafka", "elasticsearch", *services), environment)
    return True


def down(directory: StackDirectory, say: Say) -> None:
    """Stops and removes the containers; their volumes stay. Raises StackError."""
    say(f"stopping the containers of {directory}")
    _run(compose(directory, "--profile", "*", "down"), variables_to_look())


def remove_data(directory: StackDirectory, say: Say) -> None:
    """Removes containers, volumes and the images that were built here. Raises StackError."""
    say(f"removing the containers, volumes and images of {directory}")
    _run(compose(directory, "--profile", "*", "down", "--volumes", "--rmi", "local"), variables_to_look())


def operate(directory: StackDirectory, arguments: Sequence[str]) -> int:
    """Runs an operation in a container of its own; its exit code."""
    # Its service depends on the engines alone, which are started where they do not run.
    command = compose(directory, "--profile", "operations", "run", "--rm", "-T", "operations", *arguments)
    return subprocess.run(command, env=variables_to_look(), check=False).returncode  # noqa: S603 - made here


def show(directory: StackDirectory, *arguments: str) -> None:
    """Lets a compose command print what it knows."""
    subprocess.run(compose(directory, *arguments), env=variables_to_look(), check=False)  # noqa: S603 - made here


def become(directory: StackDirectory, *arguments: str) -> NoReturn:
    """Turns this process into a compose command."""
    _become(compose(directory, *arguments), variables_to_look())


def become_inside(directory: StackDirectory, service: str, *arguments: str) -> NoReturn:
    """Turns this process into a command inside a container, which ends with this process, however that ends."""
    # Docker leaves what it executes running when nobody listens any more, but closes its input: this process holds
    # both ends of the pipe.
    reader, writer = os.pipe()
    os.dup2(reader, 0)
    os.set_inheritable(writer, True)
    become(directory, "exec", "-T", service, "bash", "-c", _UNTIL_INPUT_ENDS, service, *arguments)


def _start(directory: StackDirectory, services: list[str], environment: Mapping[str, str]) -> None:
    options = ["--build", "--detach", "--wait", "--wait-timeout", str(_START_WITHIN_S)]
    try:
        _run(compose(directory, "up", *options, *services), environment)
    except StackError:
        show(directory, "logs", "--tail", str(_LOG_LINES), *services)
        raise


def _start_kibana(directory: StackDirectory, environment: Mapping[str, str], say: Say) -> bool:
    """Starts the dashboard without waiting for it, and says how that went; whether it was started."""
    say("starting Kibana; its image is large, the first time")
    try:
        _run(compose(directory, "up", "--detach", "--no-deps", _KIBANA), environment)
    except StackError:
        say("Kibana could not be started, for the reason above. Everything else runs without it")
        return False
    say(f"Kibana will answer at http://{LOOPBACK}:{environment['KIBANA_PORT']} in a minute or two")
    return True


def _become(command: list[str], environment: Mapping[str, str]) -> NoReturn:
    os.execvpe(command[0], command, environment)  # noqa: S606 - no shell


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - a command made here
    if code != 0:
        raise StackError(f"docker compose ended with exit code {code}; what it said is above. See also: make logs")


def _succeeds(command: list[str]) -> bool:
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=_ANSWERS_WITHIN_S)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
