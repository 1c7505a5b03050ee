"""What the embedded log throws away: superseded and removed keys of compacted topics, old records of the others."""

import sqlite3
from array import array
from collections.abc import Iterator
from datetime import timedelta

TOMBSTONE_RETENTION = timedelta(hours=24)
"""How long a tombstone stays for readers that have not seen it; Kafka's own default (`delete.retention.ms`)."""

# The value must not be named beside the window: SQLite would carry every value through its sorter.
_SUPERSEDED = """SELECT offset FROM (
        SELECT offset, lead(offset) OVER (PARTITION BY key ORDER BY offset) AS newer
        FROM record WHERE topic_id = ?)
    WHERE newer IS NOT NULL"""
_OLD_TOMBSTONES = "SELECT offset FROM record WHERE topic_id = ? AND value IS NULL AND timestamp_ms < ?"
_EXPIRED = "SELECT offset FROM record WHERE topic_id = ? AND timestamp_ms < ?"


def outdated(connection: sqlite3.Connection, now_ms: int) -> "Iterator[array[int]]":
    """Offsets to remove, group by group; the caller removes each group before it asks for the next.

    A tombstone goes after the records it supersedes: else a crash in between would bring them back.
    """
    topics = connection.execute("SELECT id, retention_ms FROM topic").fetchall()
    tombstones_before = now_ms - TOMBSTONE_RETENTION // timedelta(milliseconds=1)
    for topic_id, retention_ms in topics:
        if retention_ms is None:
            yield _offsets(connection, _SUPERSEDED, topic_id)
            yield _offsets(connection, _OLD_TOMBSTONES, topic_id, tombstones_before)
        else:
            yield _offsets(connection, _EXPIRED, topic_id, now_ms - retention_ms)


def _offsets(connection: sqlite3.Connection, query: str, *parameters: int) -> "array[int]":
    return array("q", (offset for (offset,) in connection.execute(query, parameters)))
