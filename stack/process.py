"""Starts and ends the process of a part."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from stack.part import Part

_LOOK_EVERY_S = 0.05


def spawn(part: Part, log: Path) -> subprocess.Popen[bytes]:
    """Starts the part, its output appended to `log`. Raises OSError when the program cannot be run.

    It leads a process group of its own: the terminal's Ctrl-C reaches whoever watches it, not the part.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the command is the stack's own
            part.command,
            env={**os.environ, **part.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes], within: float) -> int:
    """Asks the process to end, kills it and its group after `within` seconds, and returns its exit code."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        return kill(process)


def kill(process: subprocess.Popen[bytes]) -> int:
    """Kills the process and what it started, and returns its exit code."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def wait_until(condition: Callable[[], bool], within: float, ended: Callable[[], bool] = lambda: False) -> bool:
    """Whether the condition came true within `within` seconds, and before `ended` did."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and not ended():
        if condition():
            return True
        time.sleep(_LOOK_EVERY_S)
    return condition()
