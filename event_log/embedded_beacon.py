"""A file that tells other processes of this machine that a holder lives, and when it does not."""

import fcntl
import os
from pathlib import Path
from typing import Self


class Beacon:
    """A locked file. The operating system frees the lock when the process dies; while the process is suspended the
    lock stays, and the file's time of change stands still."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def light(cls, path: Path) -> Self | None:
        """Makes the file and locks it; None when another process did. Raises OSError."""
        # Not inherited by child processes (PEP 446): one that outlives its parent must not keep the lock.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if _locked(descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def beat(self) -> None:
        """Tells that the process goes on. Raises OSError."""
        os.utime(self._descriptor)

    def put_out(self) -> None:
        """Removes the file and frees the lock."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


class Stillness:
    """Counts how often in a row the same was seen; looks, not seconds, so that the claimant's own pauses, as those
    of a whole machine that was asleep, are not taken for the holder's."""

    def __init__(self, looks: int) -> None:
        self._looks = looks
        self._seen: object = None
        self._count = 0

    def is_too_long(self, seen: object) -> bool:
        """Whether that was seen in more looks than are waited for."""
        self._count = self._count + 1 if seen == self._seen else 0
        self._seen = seen
        return self._count > self._looks


def last_beat_ns(path: Path) -> int | None:
    """When the holder of the beacon last said that it goes on, by the file's time; None when there is no holder.

    Raises OSError.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _locked(descriptor) else os.fstat(descriptor).st_mtime_ns
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Takes the lock of the file, if it is free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
