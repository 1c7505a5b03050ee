"""A copy of the embedded log as it is at one moment, also while it is written to."""

import sqlite3
from contextlib import closing
from pathlib import Path

from event_log.embedded_file import APPLICATION_ID, errors_explained
from event_log.errors import LogUnavailableError


def copy_log(path: Path, target: Path) -> None:
    """Copies the log in the file `path` to `target`, which is overwritten. Raises LogUnavailableError."""
    # Not opened for reading only: of a log that nobody has open, SQLite then could not read the `-wal` file.
    with errors_explained(path), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        # As one file, without a `-wal` beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def check_copy(path: Path) -> None:
    """Raises LogUnavailableError for a file that is no log, or a damaged one."""
    with errors_explained(path), closing(sqlite3.connect(path)) as copy:
        (identity,) = copy.execute("PRAGMA application_id").fetchone()
        (state,) = copy.execute("PRAGMA quick_check").fetchone()
    if identity != APPLICATION_ID or state != "ok":
        raise LogUnavailableError(f"{path} is no event log, or a damaged one: {state}")
