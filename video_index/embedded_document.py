"""A video as a document of tantivy, and back."""

from datetime import UTC, datetime
from typing import Any

import orjson
import tantivy
from tantivy import Document, Schema

from schemas import Video, VideoDetails
from video_index.document import Derived, derive, moment_of
from video_index.interface import UNKNOWN_VIEWS, Stored

NO_GENERATION = 1
"""Stands in for Elasticsearch's primary term, which one process does not need."""


def schema() -> Schema:
    """The fields. Another set of them is another `FORMAT` of the files."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("video_id", tokenizer_name="raw", index_option="basic")
    for field in ("channel_id", "subjects"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("live_broadcast_content", tokenizer_name="raw", index_option="basic")
    for field in ("title", "channel", "all"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    for field in ("whole_title", "whole_channel", "whole"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_integer_field("sort_key", indexed=True, fast=True)
    builder.add_date_field("published_at", fast=True)
    builder.add_integer_field("views", fast=True)
    builder.add_integer_field("duration_s", fast=True)
    builder.add_integer_field("first_seen_at", fast=True)
    builder.add_integer_field("refreshed_at", stored=True, fast=True)
    builder.add_boolean_field("has_details", indexed=True)
    builder.add_unsigned_field("version", stored=True)
    builder.add_bytes_field("document", stored=True)
    return builder.build()


def to_document(video: Video, version: int) -> Document:
    """The document of a video; moments are in seconds since 1970, but for what is counted by its date."""
    document = Document()
    document.add_text("video_id", video.video_id)
    document.add_text("channel_id", video.channel_id)
    document.add_text("live_broadcast_content", video.live_broadcast_content)
    for subject in video.subjects:
        document.add_text("subjects", subject)
    document.add_integer("first_seen_at", seconds(video.first_seen_at))
    document.add_integer("refreshed_at", seconds(video.refreshed_at))
    _add_derived(document, derive(video))
    _add_numbers(document, video.details)
    document.add_unsigned("version", version)
    document.add_bytes("document", video.to_json())
    return document


def _add_derived(document: Document, derived: Derived) -> None:
    document.add_text("title", derived.title)
    document.add_text("channel", derived.channel)
    document.add_text("all", derived.all)
    document.add_text("whole_title", derived.whole_title)
    document.add_text("whole_channel", derived.whole_channel)
    document.add_text("whole", derived.whole)
    document.add_integer("sort_key", derived.sort_key)
    document.add_date("published_at", moment_of(derived.sort_key))
    document.add_boolean("has_details", derived.has_details)


def _add_numbers(document: Document, details: VideoDetails | None) -> None:
    views = details.view_count if details is not None else None
    document.add_integer("views", UNKNOWN_VIEWS if views is None else views)
    if details is not None and details.duration_s is not None:
        document.add_integer("duration_s", details.duration_s)


def read_json(document: Document) -> dict[str, Any]:
    """The video of a stored document, as JSON has it."""
    read: dict[str, Any] = orjson.loads(bytes(document["document"][0]))
    return read


def read_video(document: Document) -> Video:
    """The video of a stored document."""
    return Video.model_validate(read_json(document))


def read_stored(document: Document) -> Stored:
    """The video of a stored document, with its version."""
    return Stored(read_video(document), (int(document["version"][0]), NO_GENERATION))


def read_moment(document: Document, field: str) -> datetime:
    """A stored field that holds seconds since 1970."""
    return datetime.fromtimestamp(int(document[field][0]), UTC)


def seconds(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())
