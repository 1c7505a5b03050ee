"""What answers have in common on every engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from video_index.clauses import AllOf, Clause, PublishedBetween
from video_index.counting import (
    MOST_VALUES,
    Bucket,
    buckets_of,
    chosen,
    counts,
    days_of,
    is_cut_among_equals,
    timeline,
    values_of,
)
from video_index.document import moment_of
from video_index.engine import Engine
from video_index.interface import (
    Channels,
    Count,
    Facet,
    Interval,
    SearchAnswer,
    SearchRequest,
    Suggestions,
    Timeline,
)
from video_index.plan import Plan, beginning, plan
from video_index.spelling import respelled

_SCANNED = 1_000
"""Documents that are read at once."""

_DAYS = 366
_SUBJECTS = 50
_CHANNELS = 20

_SPARE = 20
"""Values asked for beyond those wanted, so that there are seldom as frequent ones left out."""

_FACETS = {
    Facet.SUBJECTS: values_of("subjects", _SUBJECTS + _SPARE),
    Facet.CHANNELS: values_of("channel_id", _CHANNELS + _SPARE),
    Facet.DAYS: buckets_of(Interval.DAY),
}


class Searching(Engine):
    """The reading half of `VideoIndex`, on what an engine can do."""

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `VideoIndex.search`."""
        asked = plan(request)
        # One more than asked for tells whether there are more.
        found = self.page(asked, request.after, request.offset, request.limit + 1, counted=True)
        shown = found.hits[: request.limit]
        return SearchAnswer(
            documents=tuple(document for _, document in shown),
            total=found.total,
            positions=tuple(position for position, _ in shown),
            next=shown[-1][0] if len(found.hits) > len(shown) else None,
            facets=self._facets(asked.matches, request.facets) if request.facets else {},
        )

    def scan(self, request: SearchRequest) -> Iterator[dict[str, Any]]:
        """See `VideoIndex.scan`."""
        asked, after, offset = plan(request), request.after, request.offset
        while True:
            found = self.page(asked, after, offset, _SCANNED, counted=False)
            yield from (document for _, document in found.hits)
            if len(found.hits) < _SCANNED:
                return
            after, offset = found.hits[-1][0], 0

    def timeline(self, request: SearchRequest, interval: Interval | None = None) -> Timeline:
        """See `VideoIndex.timeline`."""
        by_date = Plan(plan(request).matches)
        newest = self.page(by_date, None, 0, 1, counted=False)
        if not newest.hits:
            return Timeline(interval or Interval.DAY, (), 0)
        oldest = self.page(replace(by_date, newest_first=False), None, 0, 1, counted=False)
        # Where the last match was removed in between, the first one stands for both.
        first, last = (moment_of(each.hits[0][0][0]) for each in (oldest if oldest.hits else newest, newest))
        interval = chosen(interval, first, last)
        # Videos that arrive in between stay out, so that the numbers fit together.
        within = AllOf((by_date.matches, PublishedBetween(first, last)))
        spans = self.aggregate(within, {"spans": buckets_of(interval)})["spans"]["buckets"]
        return timeline(interval, first, last, spans)

    def channels(self, request: SearchRequest, limit: int) -> Channels:
        """See `VideoIndex.channels`."""
        matches = plan(request).matches
        return Channels(self._channels(matches, limit), self.count(matches))

    def suggest(self, text: str, limit: int) -> Suggestions:
        """See `VideoIndex.suggest`."""
        titles, channels = beginning(text, "title"), beginning(text, "channel")
        if titles is None or channels is None:
            return Suggestions((), ())
        return Suggestions(self._titles(titles, limit), self._channels(channels, limit))

    def respell(self, text: str) -> str | None:
        """See `VideoIndex.respell`."""
        return respelled(self, text)

    def _titles(self, clause: AllOf, limit: int) -> tuple[tuple[str, str], ...]:
        # Uploads of a series often share a title; four times as many give enough different ones nearly always.
        found = self.page(Plan(clause), None, 0, 4 * limit, counted=False)
        titles: dict[str, str] = {}
        for _, document in found.hits:
            titles.setdefault(document["title"], document["video_id"])
        return tuple(titles.items())[:limit]

    def _facets(self, clause: Clause, wanted: Set[Facet]) -> Mapping[Facet, tuple[Count, ...]]:
        asked = {facet.value: aggregation for facet, aggregation in _FACETS.items() if facet in wanted}
        buckets = {name: found["buckets"] for name, found in self.aggregate(clause, asked).items()}
        read: dict[Facet, Callable[[Sequence[Bucket]], tuple[Count, ...]]] = {
            Facet.SUBJECTS: lambda found: self._most(clause, "subjects", _SUBJECTS, found),
            Facet.CHANNELS: lambda found: self._titled(self._most(clause, "channel_id", _CHANNELS, found)),
            Facet.DAYS: lambda found: days_of(found)[:_DAYS],
        }
        return {facet: read[facet](buckets[facet.value]) for facet in _FACETS if facet in wanted}

    def _channels(self, clause: Clause, limit: int) -> tuple[Count, ...]:
        asked = {"values": values_of("channel_id", limit + _SPARE)}
        found = self.aggregate(clause, asked)["values"]["buckets"]
        return self._titled(self._most(clause, "channel_id", limit, found))

    def _most(self, clause: Clause, field: str, limit: int, found: Sequence[Bucket]) -> tuple[Count, ...]:
        """The most frequent values, out of those found; more are asked for where these may lack some."""
        size = limit + _SPARE
        while size < MOST_VALUES and is_cut_among_equals(found, size, limit):
            size = min(8 * size, MOST_VALUES)
            found = self.aggregate(clause, {"values": values_of(field, size)})["values"]["buckets"]
        return counts(found)[:limit]

    def _titled(self, channels: tuple[Count, ...]) -> tuple[Count, ...]:
        titles = self.channel_titles([channel.value for channel in channels])
        # A channel whose last video was removed since it was counted has none.
        return tuple(replace(channel, title=titles.get(channel.value, "")) for channel in channels)
