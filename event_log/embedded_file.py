"""The SQLite file of the embedded log: how it is opened, its tables, and what its errors mean.

Every connection is in WAL mode, so that readers never block the writer, and commits with synchronous=FULL: a
transaction that returned is on the disk (https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from event_log.errors import LogUnavailableError

APPLICATION_ID = 0x7472656C
"""Marks the file as ours, in SQLite's `application_id`: `trel` in ASCII."""

_FIRST_TABLES = (
    # A topic without a retention is compacted.
    "CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, retention_ms INTEGER)",
    # AUTOINCREMENT never gives an offset twice, even after the newest record was removed.
    """CREATE TABLE record (
        offset INTEGER PRIMARY KEY AUTOINCREMENT, topic_id INTEGER NOT NULL REFERENCES topic (id),
        timestamp_ms INTEGER NOT NULL, key TEXT, headers BLOB, value BLOB)""",
    "CREATE INDEX record_by_topic ON record (topic_id)",
    """CREATE TABLE committed (
        group_name TEXT NOT NULL, topic TEXT NOT NULL, next_offset INTEGER NOT NULL,
        PRIMARY KEY (group_name, topic)) WITHOUT ROWID""",
)
_OWNERS = ("CREATE TABLE owner (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID",)

_VERSIONS = (_FIRST_TABLES, _OWNERS)
"""What each version of the tables adds to the one before."""

SCHEMA_VERSION = len(_VERSIONS)
"""Of the tables, in SQLite's `user_version`."""

# One statement sees one state of the file, whatever another process does to it meanwhile.
_IDENTITY = """SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
    FROM pragma_application_id, pragma_user_version"""

_CACHE_KIB = 1024
_WAL_LIMIT_BYTES = 16 * 1024 * 1024
_RETRY_PAUSE_S = 0.02

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process holds it: wait, or stop the process that does",
    sqlite3.SQLITE_LOCKED: "another process holds it: wait, or stop the process that does",
    sqlite3.SQLITE_FULL: "the disk is full: free some space on it",
    sqlite3.SQLITE_IOERR: "the disk failed or is full: free some space on it, or check its health",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that its directory exists and this user may write to it",
    sqlite3.SQLITE_PERM: "this user may not open it: check its permissions",
    sqlite3.SQLITE_READONLY: "it cannot be written: check its permissions and those of its directory",
    sqlite3.SQLITE_CORRUPT: "it is damaged: move it and its -wal and -shm away, or bring back a copy, and restart",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite file: move it away, or set DATA_DIR to another directory",
}


def open_for_writing(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection that writes; makes the file where there is none. Raises LogUnavailableError."""
    with errors_explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, busy_timeout_s, mode="rwc")
        try:
            _refuse_foreign(connection, path)
            _switch_to_wal(connection, busy_timeout_s)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA journal_size_limit={_WAL_LIMIT_BYTES}")
            _make_tables(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection that only reads a file that `open_for_writing` made. Raises LogUnavailableError."""
    with errors_explained(path):
        connection = _connect(path, busy_timeout_s, mode="rw")
        connection.execute("PRAGMA query_only=ON")
    return connection


@contextmanager
def write_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written inside; durable when it ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def errors_explained(path: Path) -> Iterator[None]:
    """Turns what SQLite and the file system raise inside into LogUnavailableError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise LogUnavailableError(f"event log {path}: {_advice(error)} (SQLite says: {error})") from error
    except OSError as error:
        raise LogUnavailableError(f"event log {path}: its directory cannot be made: {error}") from error


def _advice(error: sqlite3.Error) -> str:
    if isinstance(error, sqlite3.ProgrammingError):
        return "it was closed"
    # The low byte is the kind of error, the rest says more: https://www.sqlite.org/rescode.html
    return _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "it cannot be used")


def _connect(path: Path, busy_timeout_s: float, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,  # every connection is guarded by a lock, or belongs to one reader
    )
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    return connection


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    application, version, tables = connection.execute(_IDENTITY).fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise LogUnavailableError(
            f"event log {path}: it is another program's SQLite file: move it away, or set DATA_DIR elsewhere"
        )
    if version > SCHEMA_VERSION:
        raise LogUnavailableError(
            f"event log {path}: it was written by a newer version (schema {version}, this one knows "
            f"{SCHEMA_VERSION}): install that version again, or set DATA_DIR to another directory"
        )


def _switch_to_wal(connection: sqlite3.Connection, busy_timeout_s: float) -> None:
    """Two processes that make the file at the same moment: SQLite fails one of them at once, without waiting."""
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_PAUSE_S)


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    with write_transaction(connection):
        _refuse_foreign(connection, path)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA_VERSION:
            return
        for statement in chain.from_iterable(_VERSIONS[version:]):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
