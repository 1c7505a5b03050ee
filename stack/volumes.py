"""The volumes of one directory's containers."""

from stack.compose import answer, compose, project
from stack.directory import StackDirectory

_BACKUPS = "backups"
_LOOK = "ls -A /backups | grep -q . || echo empty"


def volumes(directory: StackDirectory) -> list[str]:
    """Their names, but for the one with backups."""
    kept = backups(directory)
    return [name for name in volumes_of(project(directory)) if name not in kept]


def backups(directory: StackDirectory) -> list[str]:
    """The name of the volume with backups, where there is one."""
    return volumes_of(project(directory), f"label=com.docker.compose.volume={_BACKUPS}")


def holds_backups(directory: StackDirectory) -> bool:
    """Whether there is a backup; also true where nobody can look into the volume, as without the image."""
    if not backups(directory):
        return False
    run = ["run", "--rm", "--no-deps", "-T", "--entrypoint", "sh", "operations", "-c", _LOOK]
    return answer(compose(directory, "--profile", "operations", *run)).strip() != "empty"


def volumes_of(name: str, *filters: str) -> list[str]:
    """The names of all volumes of a project of compose."""
    wanted = [f"label=com.docker.compose.project={name}", *filters]
    options = [word for each in wanted for word in ("--filter", each)]
    return sorted(answer(["docker", "volume", "ls", "--quiet", *options]).split())
