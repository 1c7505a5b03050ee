"""The index as files, on tantivy: the same answers as Elasticsearch for one machine and no server.

One process writes (tantivy's own lock sees to it); others may search what it committed. A write is durable when
`write` returns, and every search that begins afterwards sees it, in whichever process.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Self

import tantivy
from tantivy import DocAddress, FieldType, Index, IndexWriter, Query, Searcher

from video_index.clauses import AllOf, Clause, FieldValue
from video_index.embedded_document import (
    NO_GENERATION,
    read_json,
    read_moment,
    read_stored,
    read_video,
    schema,
    seconds,
    to_document,
)
from video_index.embedded_paging import Paging
from video_index.embedded_query import spelt_out, translate
from video_index.engine import Hits
from video_index.errors import IndexSetupError, IndexUnavailableError
from video_index.interface import Delete, Freshness, Outcome, Position, Stored, Write, WriteResult
from video_index.plan import Plan
from video_index.searching import Searching

FORMAT = 3
"""Of the files. Another version's are refused: 1 could not be sorted by when a video was seen or refreshed, 2 knew
neither views nor lengths, and could count nothing by channel, subject or date."""

_WRITER_HEAP = 32_000_000
"""Bytes. More would make larger first segments, but is resident memory of the one embedded process."""


class EmbeddedIndex(Searching):
    """`VideoIndex` in a directory. Threads may share it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._commits = directory / "meta.json"
        self._schema = schema()
        self._index = self._open()
        self._seen: tuple[int, int] | None = None
        self._seeing = Lock()
        self._writer: IndexWriter | None = None
        self._write_lock = Lock()

    def ensure(self) -> None:
        """Takes the writer's place. Raises IndexUnavailableError while another process has it."""
        with self._write_lock:
            self._take_writer()

    def get(self, video_ids: Sequence[str]) -> list[Stored | None]:
        """See `VideoIndex.get`."""
        found = self._find(self._searcher(), video_ids)
        return [found.get(video_id) for video_id in video_ids]

    def write(self, changes: Sequence[Write | Delete]) -> list[WriteResult]:
        """See `VideoIndex.write`. One commit for all of them."""
        if not changes:
            return []
        with self._write_lock:
            writer = self._take_writer()
            present = self._find(self._searcher(), [change.video_id for change in changes])
            results = [_make(writer, change, present) for change in changes]
            try:
                writer.commit()
            except ValueError as error:
                # A commit that failed leaves the writer unusable; the next write starts from the last commit.
                self._writer = None
                raise IndexUnavailableError(f"{self._directory} cannot be written: {error}") from error
        return results

    def freshness(self) -> Freshness:
        """See `VideoIndex.freshness`."""
        searcher = self._searcher()
        oldest = _oldest(searcher, Query.all_query(), "refreshed_at", 1)
        return Freshness(
            videos=searcher.num_docs,
            without_details=Paging(searcher, self._schema).count(self._without_details()),
            oldest=read_moment(searcher.doc(oldest[0]), "refreshed_at") if oldest else None,
        )

    def without_details(self, limit: int) -> list[str]:
        """See `VideoIndex.without_details`."""
        return self._ids(self._without_details(), "first_seen_at", limit)

    def stalest(self, limit: int, refreshed_before: datetime) -> list[str]:
        """See `VideoIndex.stalest`."""
        before = Query.range_query(
            self._schema, "refreshed_at", FieldType.Integer, None, seconds(refreshed_before), include_upper=False
        )
        return self._ids(before, "refreshed_at", limit)

    def page(self, asked: Plan, after: Position | None, offset: int, limit: int, *, counted: bool) -> Hits:
        """See `Engine.page`."""
        paging = self._paging()
        hits, total = paging.page(asked, after, offset, limit, counted=counted)
        return Hits(tuple((position, read_json(paging.searcher.doc(address))) for position, address in hits), total)

    def count(self, clause: Clause) -> int:
        """See `Engine.count`."""
        searcher = self._searcher()
        return Paging(searcher, self._schema).count(translate(self._schema, spelt_out(searcher, clause)))

    def aggregate(self, clause: Clause, aggregations: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Engine.aggregate`."""
        searcher = self._searcher()
        return searcher.aggregate(translate(self._schema, spelt_out(searcher, clause)), dict(aggregations))

    def channel_titles(self, channel_ids: Sequence[str]) -> Mapping[str, str]:
        """See `Engine.channel_titles`."""
        newest = [
            self.page(Plan(AllOf((FieldValue("channel_id", channel_id),))), None, 0, 1, counted=False).hits
            for channel_id in channel_ids
        ]
        return {hits[0][1]["channel_id"]: hits[0][1]["channel_title"] for hits in newest if hits}

    def check(self) -> None:
        """The files were opened, so the index answers."""

    def is_blocked(self) -> bool:
        """Never: its files are replaced while nobody writes them."""
        return False

    def unblock(self) -> None:
        """Nothing is ever blocked."""

    def close(self) -> None:
        """Gives up the writer's place."""
        with self._write_lock:
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _open(self) -> Index:
        marker = self._directory / "FORMAT"
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            if not marker.exists():
                marker.write_text(f"{FORMAT}\n")
            found = marker.read_text().strip()
            if found != str(FORMAT):
                raise IndexSetupError(
                    f"{self._directory} has format {found}, this version reads {FORMAT}: stop the stack and make it "
                    "anew from the log with `make reindex`, or use the version that wrote it"
                )
            index = Index(self._schema, path=str(self._directory), reuse=True)
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(f"the index in {self._directory} cannot be opened: {error}") from error
        index.config_reader("manual", 1)
        return index

    def _take_writer(self) -> IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=1)
            except ValueError as error:
                raise IndexUnavailableError(
                    f"another process writes the index in {self._directory}: stop it, or use another DATA_DIR"
                ) from error
        return self._writer

    def _searcher(self) -> Searcher:
        """The state of the last commit. A look at its file takes 2 µs; tantivy's own watch is half a second late."""
        try:
            if self._seen != self._newest():
                with self._seeing:
                    # Looked at before the reload: of a commit in between there is one reload too many, not too few.
                    newest = self._newest()
                    if self._seen != newest:
                        self._index.reload()
                        self._seen = newest
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(f"the index in {self._directory} cannot be read: {error}") from error
        return self._index.searcher()

    def _newest(self) -> tuple[int, int]:
        """Tells a commit from the one before: each replaces the file."""
        found = self._commits.stat()
        return found.st_ino, found.st_mtime_ns

    def _find(self, searcher: Searcher, video_ids: Sequence[str]) -> dict[str, Stored]:
        if not video_ids:
            return {}
        query = Query.term_set_query(self._schema, "video_id", list(video_ids))
        hits = searcher.search(query, limit=len(video_ids), count=False).hits
        found = [read_stored(searcher.doc(address)) for _, address in hits]
        return {each.video.video_id: each for each in found}

    def _ids(self, query: Query, oldest_first: str, limit: int) -> list[str]:
        searcher = self._searcher()
        return [
            read_video(searcher.doc(address)).video_id for address in _oldest(searcher, query, oldest_first, limit)
        ]

    def _without_details(self) -> Query:
        return Query.term_query(self._schema, "has_details", False, "basic")

    def _paging(self) -> Paging:
        return Paging(self._searcher(), self._schema)


def _make(writer: IndexWriter, change: Write | Delete, present: dict[str, Stored]) -> WriteResult:
    """Hands a change to the writer if its condition holds in `present`, which is brought up to date."""
    current = present.get(change.video_id)
    if (current.version if current else None) != change.expected:
        return WriteResult(Outcome.CONFLICT)
    stamp = writer.delete_documents_by_term("video_id", change.video_id)
    if isinstance(change, Delete):
        del present[change.video_id]
    else:
        # tantivy's stamps only grow, so a document that was removed and came back has another version.
        present[change.video_id] = Stored(change.video, (stamp, NO_GENERATION))
        writer.add_document(to_document(change.video, stamp))
    return WriteResult(Outcome.WRITTEN)


def _oldest(searcher: Searcher, query: Query, field: str, limit: int) -> list[DocAddress]:
    result = searcher.search(query, limit=limit, count=False, order_by_field=field, order=tantivy.Order.Asc)
    return [address for _, address in result.hits]
