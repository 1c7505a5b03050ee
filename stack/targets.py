"""Finds the stacks that a command without DATA_DIR is about."""

from stack.directory import StackDirectory
from stack.down import runs
from stack.errors import NotRunningError, RefusedError
from stack.settings import DATA_DIR, DEMO_DATA_DIR, StackSettings


def candidates(settings: StackSettings) -> list[StackDirectory]:
    """The directory that DATA_DIR names, or else those that `up` and `demo` use by default."""
    chosen = [settings.data_dir] if settings.data_dir_given else [DATA_DIR, DEMO_DATA_DIR]
    return [StackDirectory.of(data_dir) for data_dir in chosen]


def running(settings: StackSettings) -> list[StackDirectory]:
    """Those of the candidates in which a stack runs, or something is left of one."""
    return [directory for directory in candidates(settings) if directory.root.is_dir() and runs(directory)]


def the_running_one(settings: StackSettings) -> StackDirectory:
    """The only one that runs. Raises NotRunningError when none does, RefusedError when it is not clear which."""
    return _the_only(running(settings), settings)


def the_one_with_logs(settings: StackSettings) -> StackDirectory:
    """The only one that runs or, where none does, that has run. Raises as `the_running_one`."""
    has_run = [directory for directory in candidates(settings) if directory.logs.is_dir()]
    return _the_only(running(settings) or has_run, settings)


def _the_only(found: list[StackDirectory], settings: StackSettings) -> StackDirectory:
    if not found:
        raise NotRunningError(nothing_runs(settings))
    if len(found) > 1:
        names = " or ".join(directory.setting for directory in found)
        raise RefusedError(f"there are several stacks: choose one with {names}")
    return found[0]


def nothing_runs(settings: StackSettings) -> str:
    """Says where was looked, and what starts a stack."""
    places = " nor in ".join(str(directory) for directory in candidates(settings))
    return f"no stack is running in {places}. Start one: make up, or make demo"
