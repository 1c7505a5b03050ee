"""The raw record: one item of a `search.list` answer, and the context it was fetched in."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field

from schemas.model import Contract
from schemas.thumbnails import Thumbnails
from schemas.times import UtcSecond, format_utc, parse_utc

EVENT_TYPE = "youtube.search.result"

Headers = tuple[tuple[str, bytes], ...]


class RawContext(Contract):
    """Where a raw record comes from; travels in its headers.

    CloudEvents 1.0 attributes take the `ce_` prefix of the Kafka protocol binding in binary mode; what is ours
    has plain names.
    """

    event_id: str = Field(description="Unique per delivery by YouTube: poll, page and place on the page.")
    source: str = Field(description="Base URL the item was fetched from.")
    fetched_at: UtcSecond = Field(description="When YouTube answered.")
    subject: str = Field(description="Id of the subject whose poll found the item.")
    window_from: UtcSecond = Field(description="`publishedAfter` of the request.")
    window_to: UtcSecond = Field(description="`publishedBefore` of the request.")
    page: int = Field(ge=1, description="Page of the answer within the window, from 1.")

    def to_headers(self) -> Headers:
        """The record headers that stand for this context."""
        return (
            ("ce_specversion", b"1.0"),
            ("ce_type", EVENT_TYPE.encode()),
            ("ce_id", self.event_id.encode()),
            ("ce_source", self.source.encode()),
            ("ce_time", format_utc(self.fetched_at).encode()),
            ("content-type", b"application/json"),
            ("subject", self.subject.encode()),
            ("window_from", format_utc(self.window_from).encode()),
            ("window_to", format_utc(self.window_to).encode()),
            ("page", str(self.page).encode()),
        )

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes]]) -> Self:
        """The context in a record's headers. Raises ValueError that names what is missing or malformed."""
        found = {name: value.decode("utf-8", "replace") for name, value in headers if value is not None}
        try:
            return cls(
                event_id=found["ce_id"],
                source=found["ce_source"],
                fetched_at=parse_utc(found["ce_time"]),
                subject=found["subject"],
                window_from=parse_utc(found["window_from"]),
                window_to=parse_utc(found["window_to"]),
                page=int(found["page"]),
            )
        except KeyError as missing:
            raise ValueError(f"header {missing} is missing") from missing


class LookupKind(StrEnum):
    """What a record of the lookup topic holds; the `ce_type` header."""

    VIDEO = "youtube.video"
    UPLOAD = "youtube.playlist-item"
    GONE = "youtube.video.gone"


class LookupContext(Contract):
    """Where a record of the lookup topic comes from; travels in its headers, as `RawContext` does."""

    event_id: str = Field(description="Unique per delivery by YouTube.")
    kind: LookupKind
    source: str = Field(description="Base URL the item was fetched from.")
    fetched_at: UtcSecond = Field(description="When YouTube answered.")
    subject: str | None = Field(
        default=None,
        description="Of an upload: id of the subject that it matches. "
        "Of a video that is gone: of the subject that is followed no more; it stays if another one found it.",
    )
    reason: str | None = Field(default=None, description="Of a video that is gone: why it is removed.")

    def to_headers(self) -> Headers:
        """The record headers that stand for this context."""
        said = (("subject", self.subject), ("reason", self.reason))
        return (
            ("ce_specversion", b"1.0"),
            ("ce_type", self.kind.value.encode()),
            ("ce_id", self.event_id.encode()),
            ("ce_source", self.source.encode()),
            ("ce_time", format_utc(self.fetched_at).encode()),
            ("content-type", b"application/json"),
            *((name, value.encode()) for name, value in said if value is not None),
        )


class ItemId(Contract):
    """`id` of a search result; `videoId` is absent for a channel or a playlist."""

    video_id: str | None = Field(default=None, alias="videoId", max_length=64)


class Snippet(Contract):
    """`snippet` of a search result, as far as the product uses it. Text is still HTML-escaped."""

    published_at: UtcSecond = Field(alias="publishedAt")
    channel_id: str = Field(alias="channelId")
    title: str
    description: str = ""
    channel_title: str = Field(default="", alias="channelTitle")
    live_broadcast_content: str = Field(default="none", alias="liveBroadcastContent")
    thumbnails: Thumbnails = Field(default_factory=dict)


class SearchItem(Contract):
    """A `youtube#searchResult`. Fields that YouTube adds later are ignored here and stay in the raw record."""

    id: ItemId
    snippet: Snippet
