"""The interface of the index. `elasticsearch.py` and `embedded.py` implement it; one contract suite holds both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, Self

from schemas import Video
from video_index.question import Question


class Sort(StrEnum):
    """The order of results. Videos of the same second stand in the order of their ids, in the same direction."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked of the index. Both ends of the date range are included; None leaves that end open.

    `sort` by relevance of a request without a `question` is newest first. `limit` is at least 1.
    """

    question: Question | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    subject: str | None = None
    channel: str | None = None
    sort: Sort = Sort.NEWEST
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The videos asked for, and how many match in all (`relation` "gte": at least so many)."""

    videos: tuple[Video, ...]
    total: int
    relation: Literal["eq", "gte"] = "eq"


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

    def check(self) -> None:
        """Raises IndexUnavailableError when the index does not answer."""
        ...

    def close(self) -> None:
        """Frees what the index holds; what was written stays."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...
