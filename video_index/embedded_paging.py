"""Pages of results out of tantivy, which sorts by one number at a time and goes on behind it with a range.

A position is what the result is sorted by: its sort key, after its tier (counted from the last, which is 0) or its
views where these come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import tantivy
from tantivy import DocAddress, Query, Schema, Searcher, SearchResult

from video_index.clauses import EVERYTHING
from video_index.document import sort_keys_within
from video_index.embedded_query import NumberField, between, both, by_tier, translate
from video_index.interface import Position
from video_index.plan import Plan

Hit = tuple[Position, DocAddress]

_MANY = 1_000
"""Results to skip from which on it is counted first whether there are so many."""

_YEARS_S = 5 * 365 * 86_400
"""Seconds that the documents are taken to be spread over, to guess how far one has to look for the next of them."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of one state of the index."""

    searcher: Searcher
    schema: Schema

    def page(
        self, asked: Plan, after: Position | None, offset: int, limit: int, *, counted: bool
    ) -> tuple[list[Hit], int]:
        """See `Engine.page`; addresses instead of documents."""
        matches = translate(self.schema, asked.matches)
        if not asked.tiers and not asked.by_views and after is None and offset < _MANY:
            return self._first_by_date(matches, offset, limit, newest_first=asked.newest_first, counted=counted)
        if asked.tiers:
            hits = list(islice(self._by_tier(asked, after, offset, limit), limit))
        elif asked.by_views:
            hits = self._by_views(matches, after, offset, limit)
        elif after is not None and asked.matches == EVERYTHING:
            hits = self._next_of_all(matches, after, limit, newest_first=asked.newest_first)
        else:
            hits = self._by_date(matches, after, offset, limit, newest_first=asked.newest_first)
        return hits, self._total(asked, matches) if counted else 0

    def count(self, query: Query) -> int:
        """How many documents meet a query."""
        # A search counts too, but gathers and scores results beside it.
        found = self.searcher.aggregate(query, {"count": {"value_count": {"field": "sort_key"}}})
        return int(found["count"]["value"])

    def _total(self, asked: Plan, matches: Query) -> int:
        return self.searcher.num_docs if asked.matches == EVERYTHING else self.count(matches)

    def _first_by_date(
        self, matches: Query, offset: int, limit: int, *, newest_first: bool, counted: bool
    ) -> tuple[list[Hit], int]:
        """The one case in which what is counted is also what is sorted: a single search does both."""
        found = self._search(matches, "sort_key", offset, limit, descending=newest_first, counted=counted)
        # `count` is missing in tantivy's stub, not in tantivy.
        total: int = found.count if counted else 0  # type: ignore[attr-defined]
        return [((key,), address) for key, address in found.hits], total

    def _next_of_all(self, everything: Query, after: Position, limit: int, *, newest_first: bool) -> list[Hit]:
        """The next of all documents: they are looked for nearby, so that going through all takes one look at each."""
        reach = sort_keys_within(4 * limit * _YEARS_S // max(self.searcher.num_docs, 1) + 1)
        low, high = (after[-1] - reach, after[-1] - 1) if newest_first else (after[-1] + 1, after[-1] + reach)
        nearby = between(self.schema, "sort_key", low, high)
        hits = self._by_date(nearby, None, 0, limit, newest_first=newest_first)
        return hits if len(hits) == limit else self._by_date(everything, after, 0, limit, newest_first=newest_first)

    def _by_date(
        self, query: Query, after: Position | None, offset: int, limit: int, *, newest_first: bool = True
    ) -> list[Hit]:
        """Of a position, the last number is the sort key."""
        if after is not None:
            low, high = (None, after[-1] - 1) if newest_first else (after[-1] + 1, None)
            query, offset = both(query, between(self.schema, "sort_key", low, high)), 0
        return [
            ((key,), address)
            for key, address in self._sorted(query, "sort_key", offset, limit, descending=newest_first)
        ]

    def _by_tier(self, asked: Plan, after: Position | None, offset: int, limit: int) -> Iterator[Hit]:
        """The hits of one tier after another."""
        for tier, query in zip(range(len(asked.tiers), -1, -1), by_tier(self.schema, asked), strict=True):
            if after is not None and tier > after[0]:
                continue
            if offset and (size := self.count(query)) <= offset:
                offset -= size
                continue
            behind = after if after is not None and tier == after[0] else None
            for (key,), address in self._by_date(query, behind, offset, limit):
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
        inner = self._with_keys([(views, address) for views, address in hits if least < views < most])
        last = self._of_views(query, least, None, 0, limit) if least < most else []
        return (first + inner + last)[:limit]

    def _with_keys(self, hits: list[tuple[int, DocAddress]]) -> list[Hit]:
        """Hits with their views, as those with their positions, in order."""
        keys = self.searcher.fast_field_values("sort_key", [address for _, address in hits])
        ranked = [((views, int(key or 0)), address) for (views, address), key in zip(hits, keys, strict=True)]
        return sorted(ranked, key=lambda hit: hit[0], reverse=True)

    def _of_views(self, query: Query, views: int, after: Position | None, offset: int, limit: int) -> list[Hit]:
        exactly = both(query, between(self.schema, "views", views, views))
        return [((views, key), address) for (key,), address in self._by_date(exactly, after, offset, limit)]

    def _sorted(
        self, query: Query, field: NumberField, offset: int, limit: int, *, descending: bool
    ) -> list[tuple[int, DocAddress]]:
        # tantivy sets memory aside for every result that is skipped, whether or not there are so many.
        if offset >= _MANY and offset >= self.count(query):
            return []
        return self._search(query, field, offset, limit, descending=descending).hits

    def _search(
        self, query: Query, field: NumberField, offset: int, limit: int, *, descending: bool, counted: bool = False
    ) -> SearchResult:
        order = tantivy.Order.Desc if descending else tantivy.Order.Asc
        return self.searcher.search(
            query, limit=limit, count=counted, offset=offset, order_by_field=field, order=order
        )
