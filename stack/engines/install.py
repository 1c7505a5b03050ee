"""Puts what was built under its name in one step, so that an interrupted build is never taken for a whole one."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.console import Say


def install(home: Path, build: Callable[[Path], None], say: Say) -> Path:
    """Calls `build` with an empty directory and renames that to `home`; does nothing where `home` exists.

    Of several processes that ask at the same time one builds and the others wait for it. The name of `home` has
    to change with what is built: it is never built again. Raises what `build` raises.
    """
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with _locked(
        home.parent / f".{home.name}.lock", lambda: say(f"{home.name} is being made by another process: waiting")
    ):
        if home.exists():
            return home
        aside = home.parent / f".{home.name}.partial"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        build(aside)
        aside.rename(home)
    return home


@contextmanager
def _locked(path: Path, wait_notice: Callable[[], None]) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait_notice()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
