"""The file of a backup: records of the log with their places, as gzipped JSON lines between a head and a foot.

Nothing in it is decrypted: API keys and webhooks are as unreadable as they are on the log.
"""

import gzip
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from event_log import NewRecord, Record
from operations.errors import RefusedError

FORMAT = 1


class Snapshot(BaseModel):
    """Where the index lies beside the file: `location` is relative to Elasticsearch's `path.repo`.

    `documents` is how many there were just before it was copied: what comes in at that moment may be in it or not.
    """

    model_config = ConfigDict(frozen=True)

    location: str
    index: str
    documents: int


class Head(BaseModel):
    """What the file is. Without a snapshot the index is made anew from its videos."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    at: datetime
    snapshot: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """A record, and where it lay on the log that it is from."""

    partition: int
    offset: int
    record: NewRecord


class BackupWriter:
    """Writes aside; the file appears under its name, for its owner alone, once it is whole."""

    def __init__(self, path: Path, head: Head) -> None:
        self._path = path
        self._aside = path.with_name(f"{path.name}.partial")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._raw: IO[bytes] = os.fdopen(os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=6, mtime=0)
        self.counts: Counter[str] = Counter()
        self._line(head.model_dump(mode="json"))

    def add(self, record: Record) -> None:
        """Adds a record."""
        headers = [(name, _text(value)) for name, value in record.headers]
        self._line([record.topic, record.partition, record.offset, record.key, _text(record.value), headers])
        self.counts[record.topic] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        whole = kind is None
        if whole:
            self._line(dict(self.counts))
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        if whole:
            self._aside.replace(self._path)
        else:
            self._aside.unlink()

    def _line(self, value: Any) -> None:  # noqa: ANN401 - any JSON
        self._file.write(orjson.dumps(value) + b"\n")


def read_head(path: Path) -> Head:
    """What the file is. Raises RefusedError for one that is none, or not whole."""
    with _explained(path), gzip.open(path) as file:
        head = Head.model_validate_json(file.readline())
        last, lines = b"", 0
        for line in file:
            last, lines = line, lines + 1
        foot = orjson.loads(last)
        if not isinstance(foot, dict) or sum(foot.values()) != lines - 1:
            raise ValueError("its end is missing")
    if head.format != FORMAT:
        raise RefusedError(f"{path} has format {head.format}, and this version reads {FORMAT}")
    return head


def read_records(path: Path) -> Iterator[BackupRecord]:
    """The records, in the order in which they were added, of a file that `read_head` found whole."""
    with gzip.open(path) as file:
        next(file)
        for line in file:
            row = orjson.loads(line)
            if isinstance(row, list):
                topic, partition, offset, key, value, headers = row
                given = tuple((name, text.encode("latin-1")) for name, text in headers)
                record = NewRecord(topic, key, None if value is None else value.encode("latin-1"), given)
                yield BackupRecord(partition, offset, record)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise RefusedError(f"there is no backup {path}") from None
    except (OSError, EOFError, ValueError, ValidationError) as error:
        raise RefusedError(f"{path} is no backup, or not a whole one: {error}") from error


def _text(value: bytes | None) -> str | None:
    """Latin-1 gives every byte a character, and back."""
    return None if value is None else value.decode("latin-1")
