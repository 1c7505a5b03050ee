"""Commands of `docker compose` for the containers of one directory, with the file at the top of the checkout."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from stack.compose_variables import variables_to_look
from stack.directory import StackDirectory
from stack.env_file import read_value
from stack.errors import StackError
from stack.settings import DATA_DIR

COMPOSE_FILE = Path(__file__).parent.parent / "docker-compose.yml"
ENV_FILE = COMPOSE_FILE.parent / ".env"
"""What `docker compose` reads beside the file."""
PROJECT = "topicreel"
"""The name that the file gives itself."""
PROJECT_NAME = "COMPOSE_PROJECT_NAME"
"""Compose's own variable for another one."""

_UNTIL_INPUT_ENDS = 'exec 3<&0; "$@" & (cat <&3; kill $!) >/dev/null 2>&1 & wait %1'


def compose(directory: StackDirectory, *arguments: str) -> list[str]:
    """A command of `docker compose` for the containers of this directory."""
    # What `.env` says is handed over in the environment: compose reads quotes and `$` in it differently.
    file = ["--file", str(COMPOSE_FILE), "--env-file", os.devnull]
    return ["docker", "compose", *file, "--project-name", project(directory), *arguments]


def project(directory: StackDirectory) -> str:
    """The name of the containers and volumes of this directory: two stacks side by side have two.

    That of the checkout's own directory is the one that plain `docker compose` means there.
    """
    if not is_own(directory):
        return name_of(directory)
    return os.environ.get(PROJECT_NAME) or read_value(ENV_FILE, PROJECT_NAME) or PROJECT


def is_own(directory: StackDirectory) -> bool:
    """Whether it is the one that `make up` takes in this checkout without DATA_DIR."""
    return directory == StackDirectory.of(COMPOSE_FILE.parent / DATA_DIR)


def name_of(directory: StackDirectory) -> str:
    """A name that no other directory has."""
    return f"{PROJECT}-{hashlib.sha256(str(directory.root).encode()).hexdigest()[:8]}"


def run(command: list[str], environment: Mapping[str, str]) -> None:
    """Runs a command that talks to the user itself. Raises StackError when it fails."""
    code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - a command made here
    if code != 0:
        what = " ".join(command[:2])
        raise StackError(f"{what} ended with exit code {code}; what it said is above. See also: make logs")


def show(directory: StackDirectory, *arguments: str) -> None:
    """Lets a compose command print what it knows."""
    subprocess.run(compose(directory, *arguments), env=variables_to_look(), check=False)  # noqa: S603 - made here


def answer(command: list[str]) -> str:
    """What a command about containers that are there writes; nothing when it fails."""
    ended = subprocess.run(  # noqa: S603 - a command made here
        command, env=variables_to_look(), capture_output=True, text=True, errors="replace", check=False
    )
    return ended.stdout if ended.returncode == 0 else ""


def become(directory: StackDirectory, *arguments: str) -> NoReturn:
    """Turns this process into a compose command about containers that are there."""
    become_command(compose(directory, *arguments), variables_to_look())


def become_inside(directory: StackDirectory, service: str, *arguments: str) -> NoReturn:
    """Turns this process into a command inside a container, which ends with this process, however that ends."""
    # Docker leaves what it executes running when nobody listens any more, but closes its input: this process holds
    # both ends of the pipe.
    reader, writer = os.pipe()
    os.dup2(reader, 0)
    os.set_inheritable(writer, True)
    become(directory, "exec", "-T", service, "bash", "-c", _UNTIL_INPUT_ENDS, service, *arguments)


def become_command(command: list[str], environment: Mapping[str, str]) -> NoReturn:
    """Turns this process into the command."""
    os.execvpe(command[0], command, environment)  # noqa: S606 - no shell
