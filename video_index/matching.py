"""Which of a few videos a search would find, without asking the index.

They are put into an index in memory and asked with the search's own query, which gives the same answers on every
engine: so a video can be told to those who wait for it before it can be searched, and however many wait, the index is
not asked at all.
"""

from collections.abc import Collection

from tantivy import Index

from schemas import Video
from video_index.embedded_document import read_json, schema, to_document
from video_index.embedded_query import translate
from video_index.interface import SearchRequest
from video_index.plan import plan

_HEAP = 15_000_000
"""Bytes; tantivy takes no less for a writer."""


class Matcher:
    """Some videos, each with an id of its own."""

    def __init__(self, videos: Collection[Video]) -> None:
        self._count = len(videos)
        self._schema = schema()
        index = Index(self._schema)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for video in videos:
            writer.add_document(to_document(video, version=0))
        writer.commit()
        index.reload()
        self._searcher = index.searcher()

    def matches(self, request: SearchRequest) -> set[str]:
        """Ids of the videos that the search finds; its order and place play no part."""
        query = translate(self._schema, plan(request).matches)
        hits = self._searcher.search(query, limit=max(self._count, 1), count=False).hits
        return {read_json(self._searcher.doc(address))["video_id"] for _, address in hits}
