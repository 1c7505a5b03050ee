"""The files that tell people and scripts the process id of each part. The stack itself never acts on them."""

from pathlib import Path

from observability import event_logger
from stack.directory import write_whole

logs = event_logger("stack")


def write_pid(path: Path, pid: int) -> None:
    """Writes the id as a plain number. A disk that takes none is reported, and no reason to do without the part."""
    try:
        write_whole(path, f"{pid}\n")
    except OSError as error:
        logs.error("pid_not_written", path=path, reason=error)


def remove_pid(path: Path) -> None:
    """Removes the file, if there is one."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logs.error("pid_not_removed", path=path, reason=error)
