"""Small stacks that tests may kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from stack.directory import StackDirectory
from stack.leftovers import end_leftovers
from stack.lock import holder
from stack.process import end, wait_until
from stack.state import PartState, StackState, read_state

WITHIN_S = 20.0


class SmallStack:
    """A supervised stack in a directory; may be started several times."""

    def __init__(self, directory: Path) -> None:
        self.directory = StackDirectory.of(directory)
        self.supervisor: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.stack.small_stack", str(self.directory.root), *options]
        self.supervisor = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self.supervisor

    def start_and_wait(self) -> None:
        self.start()
        self.wait_for(lambda state: state.complete)

    def wait_for(self, condition: Callable[[StackState], bool]) -> StackState:
        def holds() -> bool:
            state = read_state(self.directory)
            return state is not None and condition(state)

        assert wait_until(holds, WITHIN_S), f"the state stayed {read_state(self.directory)}"
        return self.state

    @property
    def state(self) -> StackState:
        state = read_state(self.directory)
        assert state is not None
        return state

    def part(self, name: str) -> PartState:
        return next(part for part in self.state.parts if part.name == name)

    def pid(self, name: str) -> int:
        return int(self.directory.pid_file(name).read_text())

    def kill_supervisor(self) -> None:
        assert self.supervisor is not None
        self.supervisor.kill()
        self.supervisor.wait()

    def close(self) -> None:
        if self.supervisor is not None:
            end(self.supervisor, WITHIN_S)
        end_leftovers(self.directory, 5, lambda _: None)


@pytest.fixture
def small_stack(tmp_path: Path) -> Iterator[SmallStack]:
    stack = SmallStack(tmp_path / "small")
    yield stack
    stack.close()


@pytest.fixture
def another_small_stack(tmp_path: Path) -> Iterator[SmallStack]:
    stack = SmallStack(tmp_path / "another")
    yield stack
    stack.close()


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and not yet collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def send(pid: int, number: signal.Signals) -> None:
    os.kill(pid, number)


def supervisor_of(directory: StackDirectory) -> int | None:
    return holder(directory.lock)
