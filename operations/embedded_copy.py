"""Backups of the embedded stack: its log as one file, from which the index is made anew.

The index is not copied: its files and the log's would be of two moments, and it is made again in seconds.
"""

import gzip
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from event_log.embedded import EmbeddedLog
from event_log.embedded_copy import check_copy, copy_log
from event_log.open import EMBEDDED_FILE
from operations.backup import live
from operations.errors import RefusedError
from operations.readable import Reads, check_secrets
from operations.rebuild import rebuild, take_place
from operations.reindex import ReindexReport
from schemas import ALERTS, ALL_TOPICS, CONTROL
from video_index.open import EMBEDDED_DIRECTORY

_SUFFIX = ".sqlite.gz"
_LONGEST = timedelta(hours=1)
"""More than a backup takes: what one that began before that works with is left over."""


def back_up(data_dir: Path, directory: Path, now: datetime) -> Path:
    """Writes the log of `data_dir` into `directory`, for its owner alone, also while the stack runs; the file.

    Raises RefusedError where there is none, LogUnavailableError and OSError.
    """
    log = data_dir / EMBEDDED_FILE
    if not log.exists():
        raise RefusedError(f"there is no log in {data_dir}: nothing was backed up")
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / _backup_name(now)
    _remove_left_over(directory, now)
    whole, packed = path.with_name(f"{path.name}.copy"), path.with_name(f"{path.name}.partial")
    try:
        os.close(_for_its_owner(whole))  # SQLite would make it for everybody to read
        copy_log(log, whole)
        with whole.open("rb") as source, os.fdopen(_for_its_owner(packed), "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as target:
                shutil.copyfileobj(source, target)
            raw.flush()
            os.fsync(raw.fileno())
        packed.replace(path)
    finally:
        whole.unlink(missing_ok=True)
        packed.unlink(missing_ok=True)
    return path


def restore(path: Path, data_dir: Path, *, overwrite: bool, reads: Reads | None = None) -> ReindexReport:
    """Puts the log of a backup into `data_dir`, and an index made from it. The stack must be stopped.

    Raises RefusedError for what is no backup, where something would be overwritten, or secrets could not be read
    afterwards (`reads`: None leaves them as they are), and while the stack runs.
    """
    log, index = data_dir / EMBEDDED_FILE, data_dir / EMBEDDED_DIRECTORY
    take_place(index)
    if not overwrite and log.exists() and _holds_something(log):
        raise RefusedError(f"{log} holds records already: choose another DATA_DIR, or say --overwrite")
    data_dir.mkdir(parents=True, exist_ok=True)
    aside = log.with_name(f"{log.name}.restoring")
    try:
        _unpack(path, aside)
        check_copy(aside)
        if reads is not None:
            check_secrets(_state_in(aside), reads)
        shutil.rmtree(index, ignore_errors=True)
        for each in (log, *(log.with_name(f"{log.name}{end}") for end in ("-wal", "-shm"))):
            each.unlink(missing_ok=True)
        aside.replace(log)
    finally:
        aside.unlink(missing_ok=True)
    with EmbeddedLog(log) as restored:
        return rebuild(restored, index)


def _state_in(path: Path) -> list[tuple[str, bytes]]:
    """Keys and values of what is followed, of keys and of alerts."""
    with EmbeddedLog(path) as log:
        found = [record for topic in (CONTROL, ALERTS) for record in live(log, topic.name).values()]
    return [(record.key or "", record.value or b"") for record in found]


def _backup_name(now: datetime) -> str:
    return f"topicreel-{now:%Y%m%dt%H%M%Sz}{_SUFFIX}"


def _for_its_owner(path: Path) -> int:
    """A descriptor of a new file that nobody else may read, in place of one that was there."""
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _remove_left_over(directory: Path, now: datetime) -> None:
    """What backups that were killed left behind; not what one that goes on beside this one works with."""
    newest = _backup_name(now - _LONGEST)
    for path in directory.glob(f"topicreel-*{_SUFFIX}.*"):
        if path.name < newest:
            path.unlink(missing_ok=True)


def _holds_something(path: Path) -> bool:
    with EmbeddedLog(path) as log:
        return any(log.count([topic.name for topic in ALL_TOPICS]).values())


def _unpack(path: Path, target: Path) -> None:
    try:
        with gzip.open(path) as source, os.fdopen(_for_its_owner(target), "wb") as whole:
            shutil.copyfileobj(source, whole)
            whole.flush()
            os.fsync(whole.fileno())
    except FileNotFoundError:
        raise RefusedError(f"there is no backup {path}") from None
    except (EOFError, gzip.BadGzipFile) as error:
        raise RefusedError(f"{path} is no backup, or not a whole one: {error}") from error
