"""What answers look like, for the API's documentation. The routes write them without it, which is faster."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas import UtcSecond, Video
from video_index import Interval


class Total(BaseModel):
    """How many videos match; `gte`: at least so many."""

    value: int
    relation: Literal["eq", "gte"]


_ADDED = {
    "url": {"type": "string", "description": "The watch page on YouTube."},
    "highlights": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "For a `q`: the fields its words stand in, as HTML with `<mark>` and all else escaped.",
    },
}


def _document_added(schema: dict[str, Any]) -> None:
    schema["properties"].update(_ADDED)
    schema["required"].append("url")


class Item(Video):
    """A video as it is answered."""

    model_config = ConfigDict(json_schema_extra=_document_added)


class Page(BaseModel):
    """A page of videos."""

    items: list[Item]
    total: Total
    page: int
    limit: int
    took_ms: int


class Spelling(BaseModel):
    """What was searched for instead, since nothing matched what was asked."""

    asked: str
    used: str


class ValueCount(BaseModel):
    """How many videos have this value."""

    value: str
    count: int


class CountedChannel(ValueCount):
    """How many videos are of this channel; `value` is its id."""

    title: str


class Facets(BaseModel):
    """The most frequent subjects (50) and channels (20), and the latest days in UTC (366), as far as asked for."""

    subjects: list[ValueCount] = Field(default_factory=list)
    channels: list[CountedChannel] = Field(default_factory=list)
    days: list[ValueCount] = Field(default_factory=list)


class Results(BaseModel):
    """A page of a search. `facets` is there when it was asked for, `spelling` when another spelling was used."""

    items: list[Item]
    total: Total
    page: int | None = Field(description="Null behind a cursor.")
    limit: int
    next_cursor: str | None = Field(description="For `cursor`: the next page. Null on the last one.")
    facets: Facets = Field(default_factory=Facets)
    spelling: Spelling | None = None
    took_ms: int


class Bucket(BaseModel):
    """The videos of an interval."""

    start: UtcSecond = Field(serialization_alias="from", description="When the interval begins.")
    count: int


class Timeline(BaseModel):
    """How many videos were published in each interval, in UTC, from the first video's to the last's."""

    interval: Interval
    buckets: list[Bucket]
    total: int


class ChannelCount(BaseModel):
    """A channel, and how many of the videos are its."""

    channel_id: str
    title: str
    count: int


class Channels(BaseModel):
    """The channels with the most videos, and how many videos match in all."""

    channels: list[ChannelCount]
    total: int
    took_ms: int


class SuggestedTitle(BaseModel):
    """The title of a video."""

    text: str
    video_id: str


class SuggestedChannel(BaseModel):
    """A channel."""

    channel_id: str
    title: str


class Suggestions(BaseModel):
    """Titles, newest first and each once; channels, those with the most videos first."""

    titles: list[SuggestedTitle]
    channels: list[SuggestedChannel]
    took_ms: int
