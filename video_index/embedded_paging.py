"""Pages of results out of tantivy, which sorts by one number at a time and goes on behind it with a range.

A position is what the result is sorted by: its sort key, after its tier (counted from the last, which is 0) or its
views where these come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import tantivy
from tantivy import DocAddress, Query, Schema, Searcher, SearchResult

from video_index.embedded_query import NumberField, between, both, by_tier, translate
from video_index.interface import Position
from video_index.plan import Plan

Hit = tuple[Position, DocAddress]

_MANY = 1_000
"""Results to skip from which on it is counted first whether there are so many."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of one state of the index."""

    searcher: Searcher
    schema: Schema

    def page(self, asked: Plan, after: Position | None, offset: int, limit: int) -> list[Hit]:
        """See `Engine.page`."""
        matches = translate(self.schema, asked.matches)
        if asked.tiers:
            return list(islice(self._by_tier(matches, asked, after, offset, limit), limit))
        if asked.by_views:
            return self._by_views(matches, after, offset, limit)
        return [
            ((key,), address)
            for key, address in self._by_date(matches, after, offset, limit, newest_first=asked.newest_first)
        ]

    def count(self, query: Query) -> int:
        """How many documents meet a query."""
        return counted(self.searcher.search(query, limit=1))

    def _by_date(
        self, query: Query, after: Position | None, offset: int, limit: int, *, newest_first: bool = True
    ) -> list[tuple[int, DocAddress]]:
        """Sort keys and addresses; `after` ends in a sort key."""
        if after is not None:
            low, high = (None, after[-1] - 1) if newest_first else (after[-1] + 1, None)
            query, offset = both(query, between(self.schema, "sort_key", low, high)), 0
        return self._sorted(query, "sort_key", offset, limit, descending=newest_first)

    def _by_tier(self, matches: Query, asked: Plan, after: Position | None, offset: int, limit: int) -> Iterator[Hit]:
        """The hits of one tier after another."""
        queries = by_tier(self.schema, matches, asked.tiers)
        for tier, query in zip(range(len(asked.tiers), -1, -1), queries, strict=True):
            if after is not None and tier > after[0]:
                continue
            if offset and (size := self.count(query)) <= offset:
                offset -= size
                continue
            behind = after if after is not None and tier == after[0] else None
            for key, address in self._by_date(query, behind, offset, limit):
                yield (tier, key), address
            offset = 0

    def _by_views(self, matches: Query, after: Position | None, offset: int, limit: int) -> list[Hit]:
        """The most views first, and of as many the newest."""
        if after is None:
            return self._ranked_by_views(matches, offset, limit)
        same = self._of_views(matches, after[0], after, 0, limit)
        fewer = both(matches, between(self.schema, "views", None, after[0] - 1))
        return same + self._ranked_by_views(fewer, 0, limit - len(same))

    def _ranked_by_views(self, query: Query, offset: int, limit: int) -> list[Hit]:
        hits = self._sorted(query, "views", offset, limit, descending=True) if limit > 0 else []
        if not hits:
            return []
        # Of as many views as the first and the last of these have there may be others, that are newer.
        most, least = hits[0][0], hits[-1][0]
        passed = offset and offset - self.count(both(query, between(self.schema, "views", most + 1, None)))
        first = self._of_views(query, most, None, passed, limit)
        between_them = [(views, address) for views, address in hits if least < views < most]
        keys = self.searcher.fast_field_values("sort_key", [address for _, address in between_them])
        inner = [((views, int(key or 0)), address) for (views, address), key in zip(between_them, keys, strict=True)]
        inner.sort(key=lambda hit: hit[0], reverse=True)
        last = self._of_views(query, least, None, 0, limit) if least < most else []
        return (first + inner + last)[:limit]

    def _of_views(self, query: Query, views: int, after: Position | None, offset: int, limit: int) -> list[Hit]:
        exactly = both(query, between(self.schema, "views", views, views))
        return [((views, key), address) for key, address in self._by_date(exactly, after, offset, limit)]

    def _sorted(
        self, query: Query, field: NumberField, offset: int, limit: int, *, descending: bool
    ) -> list[tuple[int, DocAddress]]:
        # tantivy sets memory aside for every result that is skipped, whether or not there are so many.
        if offset >= _MANY and offset >= self.count(query):
            return []
        order = tantivy.Order.Desc if descending else tantivy.Order.Asc
        return self.searcher.search(
            query, limit=limit, count=False, offset=offset, order_by_field=field, order=order
        ).hits


def counted(result: SearchResult) -> int:
    """How many there are in all."""
    count: int = result.count  # type: ignore[attr-defined]  # missing in tantivy's stub, not in tantivy
    return count
