"""Says who has a port that somebody else wants."""

import shutil
from pathlib import Path

from stack.compose import answer
from stack.directory import StackDirectory
from stack.leftovers import run_dir_of
from stack.ports import listener


def by_whom(port: int) -> str:
    """Words behind "is in use", as far as the system and Docker tell."""
    container = _container(port)
    if container:
        return f" by the container {container}"
    process = listener(port)
    if process is None:
        return ""
    run_dir = run_dir_of(process)
    if run_dir is not None:
        directory = StackDirectory(Path(run_dir).parent)
        return f" by the stack in {directory} (make down {directory.setting} ends it)"
    return f" by {process.name()} (process {process.pid})"


def _container(port: int) -> str:
    """The name of the container that is published there; nothing where there is none."""
    if shutil.which("docker") is None:
        return ""
    return answer(["docker", "ps", "--filter", f"publish={port}", "--format", "{{.Names}}"]).strip()
