"""Finds and ends the processes of a stack whose supervisor is gone.

Every part carries the run directory of its stack in its environment, and so does whatever it starts. A process is
taken for ours only by that mark, never by a process id that was written down: the id may long belong to another.
"""

import contextlib

import psutil

from stack.console import Say
from stack.directory import StackDirectory

_MARK = "TOPICREEL_RUN_DIR"


def mark(directory: StackDirectory) -> dict[str, str]:
    """What to add to the environment of a part."""
    return {_MARK: str(directory.run)}


def leftovers(directory: StackDirectory) -> list[psutil.Process]:
    """The processes that carry the mark of this directory. Only call it while no supervisor lives."""
    return [process for process in psutil.process_iter() if run_dir_of(process) == str(directory.run)]


def end_leftovers(directory: StackDirectory, within: float, say: Say) -> None:
    """Asks them to end, and kills what is left after `within` seconds."""
    found = leftovers(directory)
    if not found:
        return
    say(f"ending {len(found)} process(es) that an earlier run left behind")
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=within)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=within)


def run_dir_of(process: psutil.Process) -> str | None:
    """The run directory of the stack that the process is a part of, or None when it is of none."""
    try:
        return process.environ().get(_MARK)
    except (psutil.Error, OSError):
        # Someone else's, or gone in the meantime.
        return None
