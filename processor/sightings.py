"""What one raw record tells: a video as it was seen then, or a reason why the record tells nothing."""

import html
from functools import lru_cache

from pydantic import ValidationError

from event_log import Record
from schemas import RawContext, SearchItem, Video

ACCEPTED = "accepted is the JSON of a youtube#searchResult with id.videoId, with the context of its fetch in headers"


class UnusableRecordError(ValueError):
    """The record can never become a video; the text says what was wrong and what is accepted."""


def read_sighting(record: Record) -> Video:
    """The video document as this record alone tells it. Raises UnusableRecordError."""
    if record.value is None:
        raise UnusableRecordError(f"the record has no value; {ACCEPTED}")
    try:
        item = SearchItem.model_validate_json(record.value)
    except ValidationError as error:
        raise UnusableRecordError(f"{_first_problem(error)}; {ACCEPTED}") from error
    if not item.id.video_id:
        raise UnusableRecordError(f"id.videoId is missing, so this is no video; {ACCEPTED}")
    try:
        context = _context(record.headers)
    except ValueError as error:
        raise UnusableRecordError(f"{error}; {ACCEPTED}") from error
    snippet = item.snippet
    return Video(
        video_id=item.id.video_id,
        title=html.unescape(snippet.title),
        description=snippet.description,
        channel_id=snippet.channel_id,
        channel_title=html.unescape(snippet.channel_title),
        published_at=snippet.published_at,
        thumbnails=snippet.thumbnails,
        live_broadcast_content=snippet.live_broadcast_content,
        subjects=(context.subject,),
        first_seen_at=context.fetched_at,
        updated_at=context.fetched_at,
        refreshed_at=context.fetched_at,
    )


@lru_cache(maxsize=256)
def _context_of(wanted: tuple[tuple[str, bytes], ...]) -> RawContext:
    return RawContext.from_headers(wanted)


def _context(headers: tuple[tuple[str, bytes], ...]) -> RawContext:
    # The items of a page share everything but the event's id, which the document does not hold.
    return _context_of((("ce_id", b""), *(header for header in headers if header[0] != "ce_id")))


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]
