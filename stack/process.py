"""Starts and ends the process of a part."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from stack.part import Part

_LOOK_EVERY_S = 0.05
_LARGEST_LOG = 10_000_000


def spawn(part: Part, log: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts the part, its output appended to `log`. Raises OSError when the program cannot be run.

    `environment` is added to the part's own. The process leads a session of its own: the terminal's Ctrl-C and
    its closing reach whoever watches over the part, not the part.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the command is the stack's own
            part.command,
            env={**os.environ, **part.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def rotate(log: Path, largest: int = _LARGEST_LOG) -> None:
    """Puts a log of more than `largest` bytes aside, as `<name>.1`, in place of the one put aside before."""
    if log.exists() and log.stat().st_size > largest:
        log.replace(log.with_name(f"{log.name}.1"))


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


def describe_exit(code: int) -> str:
    """An exit code of `subprocess` in words: negative ones are signals."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


def wait_until(condition: Callable[[], bool], within: float, ended: Callable[[], bool] = lambda: False) -> bool:
    """Whether the condition came true within `within` seconds, and before `ended` did."""
    deadline = time.monotonic() + within
    while not ended():
        if condition():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return False
