"""Lets only one supervisor live, and tells whether it does: a lock that the kernel frees when its holder ends."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

# `holder` takes the lock for a moment to look, so a failed attempt is repeated before it counts.
_TAKE_WITHIN_S = 0.3
_AGAIN_AFTER_S = 0.02
_RELEASED = -1


class SupervisorLock:
    """Held from `take` until `release` or the end of every process that has it open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        os.set_inheritable(descriptor, False)
        self._name_holder(os.getpid())

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """The lock, or None when another process has it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        deadline = time.monotonic() + _TAKE_WITHIN_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(descriptor)
                    return None
                time.sleep(_AGAIN_AFTER_S)
            else:
                return cls(descriptor)

    @classmethod
    def inherited(cls, descriptor: int) -> Self:
        """The lock that the parent process took and passed on under this descriptor."""
        return cls(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    @property
    def descriptor(self) -> int:
        """To pass to a child, which then holds the lock as well."""
        return self._descriptor

    def release(self) -> None:
        """Gives up this process's hold. May be called again."""
        if self._descriptor != _RELEASED:
            os.close(self._descriptor)
            self._descriptor = _RELEASED

    def hand_over(self, process_id: int) -> None:
        """Leaves the lock to a child that inherited the descriptor."""
        self._name_holder(process_id)
        self.release()

    def _name_holder(self, process_id: int) -> None:
        os.pwrite(self._descriptor, f"{process_id:<20}\n".encode(), 0)


def holder(path: Path) -> int | None:
    """The process id of the supervisor that holds the lock, or None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder_id(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _holder_id(descriptor: int) -> int | None:
    deadline = time.monotonic() + _TAKE_WITHIN_S
    while time.monotonic() < deadline:
        text = os.pread(descriptor, 32, 0)
        if text.strip().isdigit():
            return int(text)
        # It has taken the lock and is about to write.
        time.sleep(_AGAIN_AFTER_S)
    return None
