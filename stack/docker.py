"""Starts and stops the stack as containers."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.api_port import check_api_port
from stack.compose import become_command, compose, is_own, project, run, show
from stack.compose_variables import EMULATOR, GIVEN_PORTS, variables_to_look, variables_to_start
from stack.console import Say
from stack.containers import are_well, containers, published_ports, runs
from stack.directory import StackDirectory
from stack.docker_engine import check_ports, check_room, problem
from stack.docker_trouble import reasons, unwell
from stack.env_file import add_missing
from stack.errors import RefusedError, StackError
from stack.origin import Origin, read_origin, write_origin
from stack.renaming import tell_of_older_data
from stack.settings import StackSettings
from stack.volumes import backups, holds_backups, volumes

# What has to run; Kafka and Elasticsearch, and what prepares them, come with them.
_SERVICES = ("producer", "processor", "query_api", "gateway")
_KIBANA = ("kibana", "dashboard", "health_recorder")
_GATEWAY = "gateway"
_PREPARED = ("kafka", "elasticsearch", "provisioning")
"""What operations work on."""
_IMAGE = "passwords"
"""The service that the image of all the others is built by."""
_BUILT = (_IMAGE, _GATEWAY)

# From when the images are there and the engines answer: more than the health check of the query API allows it.
_START_WITHIN_S = 420
_LOG_LINES = 5
_PASSWORD = "ELASTIC_PASSWORD"  # noqa: S105 - the name of the setting


def up(settings: StackSettings, directory: StackDirectory, origin: Origin, say: Say, *, foreground: bool) -> bool:
    """Builds the images and starts the containers; returns once all that is needed is healthy.

    False when they ran already. Kibana is started last, and the rest does without it. In the foreground this process
    then becomes one that shows the logs, and Ctrl-C stops the containers. Raises StackError.
    """
    _check_engines_are_its_own(settings)
    check_engine()
    _check_volumes_are_its_own(directory)
    if are_well(directory, _GATEWAY):
        say(f"the containers of {directory} are already running: nothing was changed")
        say(f"new code and settings count from the next start: make down {directory.setting}, then start it again")
        return False
    tell_of_older_data(directory, say)
    environment = _prepare(settings, directory, say)
    first = read_origin(directory) is None
    write_origin(directory, origin)
    services = [*_SERVICES, *([EMULATOR] if settings.simulated else [])]
    say("building the images: minutes the first time, seconds later")
    # Later the steps are known, and a page of them says nothing; errors are told all the same.
    run(compose(directory, "build", *([] if first else ["--quiet"]), *_BUILT), environment)
    say("starting the containers")
    _start(directory, services, environment)
    services += _start_kibana(directory, environment, say)
    if foreground:
        become_command(compose(directory, "up", "--no-recreate", "kafka", "elasticsearch", *services), environment)
    return True


def check_engine() -> None:
    """Raises RefusedError where Docker cannot be used."""
    reason = problem()
    if reason is not None:
        raise RefusedError(f"STACK=docker cannot be used: {reason}. Mend that, or use STACK=embedded or STACK=native")


def scaling(directory: StackDirectory) -> str:
    """The command of plain `docker compose` that makes more replicas and leaves all else alone."""
    origin = read_origin(directory)
    # Which Compose would take from `.env`, where a demo is not noted.
    label = "SIMULATED=1 " if origin is not None and origin.simulated else ""
    options = "up --detach --no-recreate --scale query_api=3 --scale processor=3 query_api processor"
    return f"{label}{_typed(directory)} {options}"


def _typed(directory: StackDirectory) -> str:
    """What one types for a command of plain `docker compose` about the containers of this directory."""
    return "docker compose" if is_own(directory) else f"docker compose --project-name {project(directory)}"


def down(directory: StackDirectory, say: Say) -> None:
    """Stops and removes the containers; their volumes stay. Raises StackError."""
    say(f"stopping the containers of {directory}")
    run(compose(directory, "--profile", "*", "down"), variables_to_look())


def remove_data(directory: StackDirectory, say: Say) -> None:
    """Removes containers and volumes, but for backups; the images are other stacks' as well. Raises StackError."""
    say(f"removing the containers and volumes of {directory}")
    kept = backups(directory) if holds_backups(directory) else []
    run(compose(directory, "--profile", "*", "down"), variables_to_look())
    gone = [name for name in (*volumes(directory), *backups(directory)) if name not in kept]
    if gone:
        run(["docker", "volume", "rm", *gone], variables_to_look())
    if kept:
        say(f"left the backups. Remove them as well: docker volume rm {' '.join(kept)}")


def services_run(directory: StackDirectory) -> bool:
    """Whether any container runs that works on the engines, and is none itself."""
    return runs(directory, *_SERVICES, *_KIBANA)


def operate(settings: StackSettings, directory: StackDirectory, arguments: Sequence[str], say: Say) -> int:
    """Runs an operation of this checkout's code in a container of its own; its exit code. Raises StackError.

    Containers that run stay as they are. Engines that do not run are started, and left running.
    """
    environment = variables_to_start(settings, directory, published_ports(directory))
    _make_password(directory, environment, say)
    run(compose(directory, "build", "--quiet", _IMAGE), environment)
    # Compose would make engines anew whose settings are others by now, under the services that use them.
    alone = ["--no-deps"] if are_well(directory, *_PREPARED) else []
    options = ["--profile", "operations", "run", "--rm", "-T", *alone]
    command = compose(directory, *options, "operations", *arguments)
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - made here


def _check_engines_are_its_own(settings: StackSettings) -> None:
    """Raises RefusedError for engines elsewhere, which would be left aside without a word."""
    elsewhere = {
        "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "ELASTICSEARCH_URL": settings.elasticsearch_url,
    }
    given = " and ".join(name for name, value in elsewhere.items() if value)
    if given:
        raise RefusedError(
            f"STACK=docker starts engines of its own, and leaves those of {given} aside. Nothing was started. Use "
            f"STACK=native, which runs the services on the engines it is given, or leave {given} out"
        )


def _check_volumes_are_its_own(directory: StackDirectory) -> None:
    """Raises RefusedError for data that this directory knows nothing of."""
    found = volumes(directory) if read_origin(directory) is None else []
    name = project(directory)
    if found:
        raise RefusedError(
            f"there are data already, in volumes called {name}, unknown to {directory}: of another checkout, "
            f"of docker compose without make, or of a {directory} that was removed. Nothing was started. Go on: "
            f"docker compose --project-name {name} up --detach; or choose another DATA_DIR; or remove them: "
            f"docker compose --project-name {name} down; docker volume rm {' '.join(found)}"
        )


def _prepare(settings: StackSettings, directory: StackDirectory, say: Say) -> dict[str, str]:
    """The variables to start with, once nothing is in the way. Raises RefusedError."""
    check_room(say)
    there = runs(directory)
    if not there:
        check_api_port(settings)
    environment = variables_to_start(settings, directory, published_ports(directory))
    if not there:
        check_ports(environment, GIVEN_PORTS)
    _make_password(directory, environment, say)
    return environment


def _make_password(directory: StackDirectory, environment: dict[str, str], say: Say) -> None:
    """Where there is none yet: data that are there have theirs with them."""
    if not environment.get(_PASSWORD) and not volumes(directory):
        environment[_PASSWORD] = add_missing(Path(".env"), _PASSWORD, say)


def _start(directory: StackDirectory, services: list[str], environment: Mapping[str, str]) -> None:
    options = ["--detach", "--wait", "--wait-timeout", str(_START_WITHIN_S)]
    try:
        run(compose(directory, "up", *options, *services), environment)
    except StackError as error:
        found = containers(directory, logs=True)
        known = reasons(found)
        if known:
            end = f"What was started is still there. End it: make down {directory.setting}"
            raise StackError("\n".join([*known, end])) from error
        show(directory, "logs", "--tail", str(_LOG_LINES), *unwell(found))
        raise


def _start_kibana(directory: StackDirectory, environment: Mapping[str, str], say: Say) -> list[str]:
    """Starts the dashboard without waiting for it, and says how that went; the services that were started."""
    say("starting Kibana; its image is large, the first time")
    try:
        run(compose(directory, "up", "--detach", "--no-deps", *_KIBANA), environment)
    except StackError:
        say("Kibana could not be started, for the reason above. Everything else runs without it")
        return []
    say("Kibana answers in a minute or two, with the dashboard")
    return list(_KIBANA)
