"""Stops a stack; its data stay."""

import contextlib
import os
import signal

from stack import containers, docker
from stack.console import Say
from stack.directory import StackDirectory
from stack.errors import StackError
from stack.follow import follow_stop
from stack.leftovers import end_leftovers, leftovers
from stack.lock import holder
from stack.origin import read_origin

_SUPERVISOR_WITHIN_S = 90.0
_LEFTOVERS_WITHIN_S = 15.0


def runs(directory: StackDirectory) -> bool:
    """Whether any process or container of this stack is there."""
    if holder(directory.lock) is not None or leftovers(directory):
        return True
    origin = read_origin(directory)
    return origin is not None and origin.stack == "docker" and containers.runs(directory)


def down(directory: StackDirectory, say: Say) -> None:
    """Stops whatever runs in this directory, in order, and returns when it is gone. Raises StackError."""
    supervisor = holder(directory.lock)
    if supervisor is not None:
        say(f"stopping the stack in {directory}")
        _stop_supervisor(directory, supervisor, say)
    end_leftovers(directory, _LEFTOVERS_WITHIN_S, say)
    origin = read_origin(directory)
    if origin is not None and origin.stack == "docker":
        docker.down(directory, say)
    say(f"the stack in {directory} is stopped; its data are kept (make clean removes them)")


def _stop_supervisor(directory: StackDirectory, supervisor: int, say: Say) -> None:
    try:
        os.kill(supervisor, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError:
        raise StackError(f"the stack in {directory} was started by another user: stop it as that user") from None
    if not follow_stop(directory, supervisor, _SUPERVISOR_WITHIN_S, say):
        say(f"the supervisor (process {supervisor}) did not end in {_SUPERVISOR_WITHIN_S:.0f} s: killing it")
        with contextlib.suppress(ProcessLookupError):
            os.kill(supervisor, signal.SIGKILL)
