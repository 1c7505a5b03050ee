"""Shows the logs of the parts, through the system's own `tail`."""

import os
from collections.abc import Sequence

from stack.compose import become
from stack.directory import StackDirectory
from stack.errors import NotRunningError, RefusedError
from stack.origin import read_origin

_SUPERVISOR = "supervisor"


def show_logs(directory: StackDirectory, parts: Sequence[str], lines: int, *, follow: bool) -> None:
    """Turns this process into one that prints the last `lines` lines of each part, and follows them if asked.

    Without `parts`, of all. Raises RefusedError for a part that has no log, NotRunningError where there is none.
    """
    origin = read_origin(directory)
    if origin is not None and origin.stack == "docker":
        options = ["--tail", str(lines), *(["--follow"] if follow else [])]
        become(directory, "--profile", "*", "logs", *options, *parts)
    there = sorted(log.stem for log in directory.logs.glob("*.log"))
    if not there:
        raise NotRunningError(f"there are no logs in {directory.logs}: start a stack with make up or make demo")
    for part in parts:
        if part not in there:
            raise RefusedError(f"no log of {part!r}; there are logs of {', '.join(there)}")
    # `parts` first: what a newcomer looks for is not what the supervisor says.
    chosen = list(parts) or [name for name in there if name != _SUPERVISOR] + [_SUPERVISOR]
    files = [str(directory.log_file(part)) for part in chosen]
    os.execvp("tail", ["tail", "-n", str(lines), *(["-F"] if follow else []), *files])  # noqa: S606, S607 - no shell
