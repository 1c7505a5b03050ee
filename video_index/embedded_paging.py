"""Pages of results out of tantivy, which sorts by one number at a time and goes on behind it with a range.

A position is what the result is sorted by: its sort key, after its tier (counted from the last, which is 0) or its
views where these come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy
from tantivy import DocAddress, Query, Schema, Searcher, SearchResult

from schemas import utc_now
from video_index.clauses import EVERYTHING
from video_index.document import first_sort_key, sort_keys_within
from video_index.embedded_query import NumberField, between, both, by_tier, spelt_out, translate
from video_index.interface import Position
from video_index.plan import Plan

Hit = tuple[Position, DocAddress]

_MANY = 1_000
"""Results to skip from which on it is counted first whether there are so many."""

_DENSE = 50
"""Where one document of so many is a result, the next one is nearby in time."""

_REACHES_S = (1, 8, 64, 512, 4_096, 32_768, 262_144)
"""Seconds within which the next results are looked for, one span after the other: a look takes as long as there are
documents in it, so that all of them together take little more than what is wanted. Most of an index takes longer."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of one state of the index."""

    searcher: Searcher
    schema: Schema

    def page(
        self, asked: Plan, after: Position | None, offset: int, limit: int, *, counted: bool
    ) -> tuple[list[Hit], int]:
        """See `Engine.page`; addresses instead of documents."""
        matches = translate(self.schema, spelt_out(self.searcher, asked.matches))
        total: int | None = None
        if asked.tiers:
            hits, total = self._by_tier(_tiers_from(self.schema, asked, matches, after), offset, limit)
            total = total if after is None else None
        elif asked.by_views:
            hits = self._by_views(matches, after, offset, limit)
        elif after is None and asked.matches != EVERYTHING:
            hits, total = self._first_by_date(matches, offset, limit, newest_first=asked.newest_first)
        else:
            total = self._total(asked, matches) if counted or asked.matches == EVERYTHING else 0
            hits = self._next_by_date(matches, total, after, offset, limit, newest_first=asked.newest_first)
        if counted and total is None:
            total = self._total(asked, matches)
        return hits, total or 0

    def count(self, query: Query) -> int:
        """How many documents meet a query."""
        # A search counts too, but gathers and scores results beside it.
        found = self.searcher.aggregate(query, {"count": {"value_count": {"field": "sort_key"}}})
        return int(found["count"]["value"])

    def _first_by_date(
        self, query: Query, offset: int, limit: int, *, newest_first: bool = True
    ) -> tuple[list[Hit], int]:
        """The results from `offset` on, and how many there are in all: a single search finds and counts them."""
        # tantivy sets memory aside for every result that is skipped, whether or not there are so many.
        if offset >= _MANY and offset >= (size := self.count(query)):
            return [], size
        found = self._search(query, "sort_key", offset, limit, descending=newest_first, counted=True)
        # `count` is missing in tantivy's stub, not in tantivy.
        return [((key,), address) for key, address in found.hits], found.count  # type: ignore[attr-defined]

    def _total(self, asked: Plan, matches: Query) -> int:
        return self.searcher.num_docs if asked.matches == EVERYTHING else self.count(matches)

    def _next_by_date(
        self, query: Query, total: int, after: Position | None, offset: int, limit: int, *, newest_first: bool
    ) -> list[Hit]:
        """Looked for nearby where results are dense: behind a position, or without one around this moment."""
        if total * _DENSE >= self.searcher.num_docs and offset < _MANY and (after is not None or newest_first):
            for reach_s in _REACHES_S:
                nearby = _nearby(self.schema, after, reach_s, newest_first=newest_first)
                hits = self._by_date(both(query, nearby), None, offset, limit, newest_first=newest_first)
                if len(hits) == limit:
                    return hits
        return self._by_date(query, after, offset, limit, newest_first=newest_first)

    def _by_date(
        self, query: Query, after: Position | None, offset: int, limit: int, *, newest_first: bool = True
    ) -> list[Hit]:
        """Of a position, the last number is the sort key."""
        if after is not None:
            query, offset = _behind(self.schema, query, after, newest_first=newest_first), 0
        return [
            ((key,), address)
            for key, address in self._sorted(query, "sort_key", offset, limit, descending=newest_first)
        ]

    def _by_tier(self, tiers: Iterator[tuple[int, Query]], offset: int, limit: int) -> tuple[list[Hit], int | None]:
        """The hits of one tier after another, and how many these tiers have in all, if each of them was looked into.

        No document is in two of them.
        """
        hits: list[Hit] = []
        total = 0
        for tier, query in tiers:
            if len(hits) == limit:
                return hits, None
            found, size = self._first_by_date(query, offset, limit - len(hits))
            hits += [((tier, key), address) for (key,), address in found]
            total += size
            offset = max(0, offset - size)
        return hits, total

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


def _tiers_from(schema: Schema, asked: Plan, matches: Query, after: Position | None) -> Iterator[tuple[int, Query]]:
    """The tiers of a search with their numbers, from a position on."""
    for tier, query in zip(range(len(asked.tiers), -1, -1), by_tier(schema, asked, matches), strict=True):
        if after is None or tier < after[0]:
            yield tier, query
        elif tier == after[0]:
            yield tier, _behind(schema, query, after, newest_first=True)


def _behind(schema: Schema, query: Query, after: Position, *, newest_first: bool) -> Query:
    """What comes after a position, in an order by date."""
    low, high = (None, after[-1] - 1) if newest_first else (after[-1] + 1, None)
    return both(query, between(schema, "sort_key", low, high))


def _nearby(schema: Schema, after: Position | None, reach_s: int, *, newest_first: bool) -> Query:
    """All within a span after a position; without one what is newer than the span before this moment."""
    reach = sort_keys_within(reach_s)
    if after is None:
        return between(schema, "sort_key", first_sort_key(utc_now()) - reach, None, is_narrow=True)
    low, high = (after[-1] - reach, after[-1] - 1) if newest_first else (after[-1] + 1, after[-1] + reach)
    return between(schema, "sort_key", low, high, is_narrow=True)
