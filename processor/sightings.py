"""What one raw record tells: a video as it was seen then, or a reason why the record tells nothing."""

import html
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError

from event_log import Record
from schemas import SearchItem, Video, parse_utc

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
    except OverflowError as error:
        raise UnusableRecordError(f"snippet.publishedAt is not within the years 1 to 9999; {ACCEPTED}") from error
    if not item.id.video_id:
        raise UnusableRecordError(f"id.videoId is missing, so this is no video; {ACCEPTED}")
    subject, fetched_at = _origin(record.headers)
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
        subjects=(subject,),
        first_seen_at=fetched_at,
        updated_at=fetched_at,
        refreshed_at=fetched_at,
    )


def _origin(headers: Iterable[tuple[str, bytes]]) -> tuple[str, datetime]:
    """The subject whose poll found the item, and when YouTube answered."""
    # Another writer's header may have no value, whatever its type says.
    found = {name: value for name, value in headers if value is not None}
    try:
        return found["subject"].decode(), _moment(found["ce_time"])
    except KeyError as missing:
        raise UnusableRecordError(f"header {missing} is missing; {ACCEPTED}") from missing
    except ValueError as error:
        raise UnusableRecordError(f"header subject or ce_time: {error}; {ACCEPTED}") from error


@lru_cache(maxsize=256)
def _moment(text: bytes) -> datetime:
    # The same for every item of a page.
    return parse_utc(text.decode())


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]
