"""Videos as lines of a file: NDJSON, which has everything, or CSV, which spreadsheets open."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from threading import BoundedSemaphore
from typing import Any

import orjson

from query_api.answers import item
from query_api.problems import RETRY_AFTER_S, ProblemError
from query_api.slow_clients import SLOWEST_S

Document = Mapping[str, Any]

_AT_ONCE = 200
"""Videos in a piece, which is a few hundred kilobytes at most: the longest description has 5,000 characters."""

MOST_EXPORTS = 8
"""That run at once in each process: every one keeps the index busy for as long as its client takes the file."""

# What spreadsheets take for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """Formats of an export."""

    NDJSON = "ndjson"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """As `Content-Type` has it."""
        return "application/x-ndjson" if self is Format.NDJSON else "text/csv; charset=utf-8; header=present"


COLUMNS: Mapping[str, Callable[[Document, Document], object]] = {
    "video_id": lambda video, _: video["video_id"],
    "url": lambda video, _: video["url"],
    "title": lambda video, _: video["title"],
    "channel_id": lambda video, _: video["channel_id"],
    "channel_title": lambda video, _: video["channel_title"],
    "published_at": lambda video, _: video["published_at"],
    "duration_s": lambda _, details: details.get("duration_s"),
    "view_count": lambda _, details: details.get("view_count"),
    "like_count": lambda _, details: details.get("like_count"),
    "comment_count": lambda _, details: details.get("comment_count"),
    "live_broadcast_content": lambda video, _: video["live_broadcast_content"],
    "subjects": lambda video, _: "|".join(video["subjects"]),
    "tags": lambda _, details: "|".join(details.get("tags") or ()),
    "first_seen_at": lambda video, _: video["first_seen_at"],
    "updated_at": lambda video, _: video["updated_at"],
    "refreshed_at": lambda video, _: video["refreshed_at"],
    "description": lambda video, _: video["description"],
}
"""The columns of CSV, each out of a video and its details."""


class Exports:
    """The exports under way, no more than `most` of them. Threads may share it.

    `slowest_s` is how long a client may take for a piece, once what lies between here and there is full.
    """

    def __init__(self, most: int = MOST_EXPORTS, slowest_s: float = SLOWEST_S) -> None:
        self.slowest_s = slowest_s
        self._most = most
        self._room = BoundedSemaphore(most)

    def begin(self) -> None:
        """Takes the room of one. Raises ProblemError where there is none."""
        if not self._room.acquire(blocking=False):
            detail = f"{self._most} exports are under way already: try again later"
            raise ProblemError(503, detail, headers={"Retry-After": RETRY_AFTER_S})

    def end(self) -> None:
        """Gives the room of one back."""
        self._room.release()


def pieces(documents: Iterable[Document], form: Format) -> Iterator[bytes]:
    """The file in pieces, at least one; each takes as many documents as it needs."""
    remaining = iter(documents)
    write = _ndjson if form is Format.NDJSON else _csv
    yield (_rows([list(COLUMNS)]) if form is Format.CSV else b"") + write(islice(remaining, _AT_ONCE))
    while piece := write(islice(remaining, _AT_ONCE)):
        yield piece


def _ndjson(documents: Iterable[Document]) -> bytes:
    return b"".join(orjson.dumps(item(each), option=orjson.OPT_APPEND_NEWLINE) for each in documents)


def _csv(documents: Iterable[Document]) -> bytes:
    return _rows(map(_cells, map(item, documents)))


def _cells(video: Document) -> list[object]:
    details = video["details"] or {}
    return [_safe(cell(video, details)) for cell in COLUMNS.values()]


def _safe(cell: object) -> object:
    """A text that would be a formula gets an apostrophe before it, as does a video id that begins with `-`."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _rows(rows: Iterable[Iterable[object]]) -> bytes:
    # RFC 4180 ends lines with CRLF, which is what the csv module does.
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
