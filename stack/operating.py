"""Runs `python -m operations` on the log and the index of a stack, wherever these are."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from stack import docker
from stack.console import Say
from stack.directory import StackDirectory
from stack.down import runs
from stack.errors import NotRunningError, RefusedError
from stack.layouts import native_engines
from stack.leftovers import end_leftovers
from stack.lock import SupervisorLock
from stack.origin import Origin, read_origin, write_origin
from stack.part import Part
from stack.process import end, spawn, wait_until
from stack.settings import StackSettings
from stack.state import read_state

_LEFTOVERS_WITHIN_S = 15.0

RESTORE = "restore"
"""The only operation for which the services have to be stopped."""


def operate(settings: StackSettings, directory: StackDirectory, arguments: Sequence[str], say: Say) -> int:
    """Runs one operation to its end; its exit code. Raises StackError and EngineError.

    Beside the services, where they run; to restore, and while nothing runs, it starts the engines alone.
    """
    found = read_origin(directory)
    origin = found or _made_for(settings, directory, arguments)
    if origin.stack == "docker":
        docker.check_engine()
    if arguments[0] == RESTORE and _in_the_way(directory, origin):
        raise RefusedError(f"the stack in {directory} runs, and a restore needs it stopped: make down")
    if found is None:
        write_origin(directory, origin)
    if origin.stack == "docker":
        return docker.operate(settings, directory, arguments, say)
    settings = settings.model_copy(update={"stack": origin.stack, "data_dir": directory.root})
    if origin.stack == "embedded":
        return _run(settings.for_children(), arguments)
    state = read_state(directory)
    if runs(directory) and state is not None:
        return _run({**settings.for_children(), **_told(state.addresses)}, arguments)
    with _engines(settings, directory, say) as addresses:
        return _run({**settings.for_children(), **_told(addresses)}, arguments)


def _in_the_way(directory: StackDirectory, origin: Origin) -> bool:
    """Whether something runs that a restore must be without. Containers of engines it needs, and leaves."""
    return docker.services_run(directory) if origin.stack == "docker" else runs(directory)


def _made_for(settings: StackSettings, directory: StackDirectory, arguments: Sequence[str]) -> Origin:
    """For a restore into a directory in which nothing ever ran. Raises RefusedError and NotRunningError."""
    if arguments[0] != RESTORE:
        raise NotRunningError(f"{directory} holds no data of a stack: start one with make up or make demo")
    if settings.stack is None:
        raise RefusedError(f"{directory} holds no data of a stack: say with STACK which kind is to be made there")
    return Origin(stack=settings.stack, simulated=settings.simulated, catalogue=settings.simulated_catalogue)


def _run(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "operations", *arguments]
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode  # noqa: S603
    return 130


def _told(addresses: Mapping[str, str]) -> dict[str, str]:
    return {"KAFKA_BOOTSTRAP_SERVERS": addresses["kafka"], "ELASTICSEARCH_URL": addresses["elasticsearch"]}


@contextmanager
def _engines(settings: StackSettings, directory: StackDirectory, say: Say) -> Iterator[Mapping[str, str]]:
    """The engines alone, for as long as this lasts; where they are."""
    lock = SupervisorLock.take(directory.lock)
    if lock is None:
        raise RefusedError(f"another command is starting or stopping the stack in {directory}: try again then")
    with lock, ExitStack() as started:
        end_leftovers(directory, _LEFTOVERS_WITHIN_S, say)
        parts, addresses = native_engines(settings, directory, say)
        say("starting the engines alone")
        for part in parts:
            _start(part, directory, started)
        yield addresses


def _start(part: Part, directory: StackDirectory, started: ExitStack) -> None:
    part.prepare()
    process = spawn(part, directory.log_file(part.name))
    started.callback(end, process, part.stop_within)
    if not wait_until(part.ready, part.ready_within, lambda: process.poll() is not None):
        raise RefusedError(f"{part.name} did not start: see {directory.log_file(part.name)}")
