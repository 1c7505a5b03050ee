"""Removes the data of stacks, after stopping them."""

import shutil
import sys
from collections.abc import Callable

from event_log.open import EMBEDDED_FILE
from key_vault.vault import SECRET_FILE
from stack import docker
from stack.console import Say
from stack.directory import StackDirectory
from stack.down import down, runs
from stack.errors import RefusedError
from stack.origin import read_origin
from video_index.open import EMBEDDED_DIRECTORY

# What stacks and their parts write. DATA_DIR may be a directory that holds other things as well.
_OURS = (
    "run",
    "logs",
    "kafka",
    "elasticsearch",
    "faust",
    EMBEDDED_DIRECTORY,
    f"{EMBEDDED_DIRECTORY}.*",
    SECRET_FILE,
    f"{EMBEDDED_FILE}*",
)


def clean(directories: list[StackDirectory], say: Say, confirm: Callable[[str], bool]) -> bool:
    """Stops the stacks and removes their data, if `confirm` agrees; whether anything was removed."""
    found = [directory for directory in directories if read_origin(directory) is not None]
    if not found:
        say(f"nothing to remove: no data of a stack in {' or '.join(str(each) for each in directories)}")
        return False
    names = " and ".join(str(directory) for directory in found)
    if not confirm(
        f"Remove all videos, subjects, API keys and logs in {names}? The key made there goes as well, without which "
        "API keys and alerts of backups cannot be read."
    ):
        say("nothing was removed")
        return False
    for directory in found:
        if runs(directory):
            down(directory, say)
        _remove(directory, say)
    return True


def ask(question: str) -> bool:
    """Asks on the terminal. Raises RefusedError where there is nobody to answer."""
    if not sys.stdin.isatty():
        raise RefusedError(f"{question} There is no terminal to ask on: say so with FORCE=1")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def _remove(directory: StackDirectory, say: Say) -> None:
    origin = read_origin(directory)
    if origin is not None and origin.stack == "docker":
        docker.remove_data(directory, say)
    for pattern in _OURS:
        for path in directory.root.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    directory.origin.unlink()
    rest = sorted(path.name for path in directory.root.iterdir())
    if rest:
        say(f"removed the data in {directory}; left what is not a stack's: {', '.join(rest)}")
    else:
        directory.root.rmdir()
        say(f"removed {directory}")
