"""The interface of the index. `elasticsearch.py` and `embedded.py` implement it; one contract suite holds both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, Self, TypeAlias

from schemas import Video
from video_index.question import Question


class Sort(StrEnum):
    """The order of results. Videos of the same second stand in the order of a hash of their ids.

    By views the most come first, of as many the newest, and videos whose views are not known at the end.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    VIEWS = "views"


class Facet(StrEnum):
    """What matches can be counted by: the most frequent subjects and channels, and the latest days in UTC."""

    SUBJECTS = "subjects"
    CHANNELS = "channels"
    DAYS = "days"


class Interval(StrEnum):
    """Spans of UTC that a timeline counts by. Weeks begin on Mondays."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


Live: TypeAlias = Literal["none", "live", "upcoming"]

Position: TypeAlias = tuple[int, ...]
"""Where a result stands in its order; the same on every engine, and of meaning for the same search only."""

UNKNOWN_VIEWS = -1
"""Stands for views that are not known, in the order by views."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked of the index. Both ends of each range are included; None leaves that end open.

    Videos whose length is not known yet are in no range of lengths. `sort` by relevance of a request without a
    `question` is newest first. `limit` is at least 1. `after` goes on behind a position that an answer to the same
    search gave, at the same cost however deep that is; `offset` plays no part then.
    """

    question: Question | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    subject: str | None = None
    channel: str | None = None
    live: Live | None = None
    min_duration_s: int | None = None
    max_duration_s: int | None = None
    sort: Sort = Sort.NEWEST
    offset: int = 0
    limit: int = 10
    after: Position | None = None
    facets: frozenset[Facet] = frozenset()


@dataclass(frozen=True, slots=True)
class Count:
    """How many matches have this subject, channel or day (`2026-11-24`); a channel has the newest one's `title`."""

    value: str
    count: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The documents asked for, and how many match in all (`relation` "gte": at least so many).

    A document is a `Video` as JSON has it. `positions` are those of the documents, `next` is the last one's when
    more come after it. `total` and `facets` are of the whole search, wherever the answer begins.
    """

    documents: tuple[dict[str, Any], ...]
    total: int
    relation: Literal["eq", "gte"] = "eq"
    positions: tuple[Position, ...] = ()
    next: Position | None = None
    facets: Mapping[Facet, tuple[Count, ...]] = field(default_factory=dict)

    @property
    def videos(self) -> tuple[Video, ...]:
        """The documents as validated videos, which takes longer than the search itself."""
        return tuple(map(Video.model_validate, self.documents))


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many matches were published in each interval from the first match's to the last's, empty ones too."""

    interval: Interval
    buckets: tuple[tuple[datetime, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels with the most matches, most first, and how many videos match in all."""

    channels: tuple[Count, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Titles, as pairs of text and video id, newest first and each once; channels, those with most videos first."""

    titles: tuple[tuple[str, str], ...]
    channels: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is in the index, with the version that a conditional write must match."""

    video: Video
    version: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Write:
    """A document to write, on condition that the index still has `expected` (None: has no such document)."""

    video: Video
    expected: tuple[int, int] | None

    @property
    def video_id(self) -> str:
        """The document's id."""
        return self.video.video_id


@dataclass(frozen=True, slots=True)
class Delete:
    """A document to remove, on condition that the index still has `expected`.

    Where it is gone already that is a conflict. A later `Write` that expects none may bring it back.
    """

    video_id: str
    expected: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh what is stored is: all documents, those without details, and the oldest `refreshed_at` of all."""

    videos: int
    without_details: int
    oldest: datetime | None


class Outcome(StrEnum):
    """What became of one change. A removal is `WRITTEN` too."""

    WRITTEN = "written"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The outcome of one write. `reason` is set when it was rejected: this document can never be taken as it is."""

    outcome: Outcome
    reason: str = field(default="")


class VideoIndex(Protocol):
    """One document per video, by video id. Methods raise IndexUnavailableError while the index is away."""

    def ensure(self) -> None:
        """Creates what is missing of the index; changes nothing that is there. Raises IndexSetupError."""
        ...

    def get(self, video_ids: Sequence[str]) -> list[Stored | None]:
        """The newest documents with these ids, in their order, whether or not they can be searched yet."""
        ...

    def write(self, changes: Sequence[Write | Delete]) -> list[WriteResult]:
        """Writes and removes durably, each on its condition; the outcomes stand in the order of the changes.

        The change can be seen by searches within a second.
        """
        ...

    def freshness(self) -> Freshness:
        """Counts, and the oldest `refreshed_at`, of what can be searched."""
        ...

    def without_details(self, limit: int) -> list[str]:
        """Ids of documents that have no details yet, up to `limit`, the one first seen longest ago first."""
        ...

    def stalest(self, limit: int, refreshed_before: datetime) -> list[str]:
        """Ids of documents refreshed before then, up to `limit`, the one refreshed longest ago first."""
        ...

    def search(self, request: SearchRequest) -> SearchAnswer:
        """The videos that match, in order."""
        ...

    def scan(self, request: SearchRequest) -> Iterator[dict[str, Any]]:
        """Every document that matches, in order, in constant memory; `limit` and `facets` play no part.

        What is written meanwhile may be among them or not; of what was there before, nothing is skipped or twice.
        """
        ...

    def timeline(self, request: SearchRequest, interval: Interval | None = None) -> Timeline:
        """Matches by when they were published; without an interval, by the shortest that gives at most 200 of them.

        Raises IntervalError when the interval gives more than `MAX_INTERVALS`.
        """
        ...

    def channels(self, request: SearchRequest, limit: int) -> Channels:
        """The up to `limit` channels with the most matches."""
        ...

    def suggest(self, text: str, limit: int) -> Suggestions:
        """Up to `limit` titles and channels that hold all words of `text`, the last one as a beginning."""
        ...

    def respell(self, text: str) -> str | None:
        """The question `text` with its misspelt words replaced; None where there is nothing to replace.

        A wanted word of four letters or more that occurs nowhere is replaced by the closest that occurs: within
        one edit, or two of a word of eight letters or more; of those, the one in the most documents. Where more
        than ten words occur nowhere, none is.
        """
        ...

    def check(self) -> None:
        """Raises IndexUnavailableError when the index does not answer."""
        ...

    def is_blocked(self) -> bool:
        """Whether changes are refused for now, while a rebuilt index takes this one's place."""
        ...

    def unblock(self) -> None:
        """Takes changes again, and gives up the rebuilt index, which whoever made it cannot put in place any more."""
        ...

    def close(self) -> None:
        """Frees what the index holds; what was written stays."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...
