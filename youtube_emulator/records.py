"""One line of a catalogue: a JSON object that says how a video was seen.

`videoId`, `publishedAt` and `title` are needed; `channelTitle`, `description`, `tags`, `categoryId`, `viewCount`,
`likeCount`, `commentCount`, `observedOn` may be absent or null. Other fields are not looked at.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from youtube_emulator.times import ACCEPTED, parse_time
from youtube_emulator.video import Video, duration_of

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A video as it was seen; `observed_on` is the ISO date of it."""

    video: Video
    observed_on: str | None


def read_record(line: bytes) -> Sighting:
    """The sighting on a line. Raises ValueError that says what is wrong and what is accepted."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error}): a JSON object a line is accepted") from None
    if not isinstance(record, dict):
        raise ValueError("is no JSON object: an object with videoId, publishedAt and title is accepted")
    video_id = _text(record, "videoId", needed=True)
    if not _VIDEO_ID.fullmatch(video_id):
        raise ValueError("has a videoId other than letters, digits, - and _, at most 64 of them")
    return Sighting(
        Video(
            id=video_id,
            published=_published(record),
            title=_text(record, "title", needed=True),
            channel_title=_text(record, "channelTitle"),
            description=_text(record, "description"),
            tags=_tags(record),
            category_id=_category(record),
            views=_count(record, "viewCount"),
            likes=_count(record, "likeCount"),
            comments=_count(record, "commentCount"),
            duration_s=duration_of(video_id),
        ),
        _observed_on(record),
    )


def _text(record: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = record.get(name)
    if value is None and not needed:
        return ""
    if value is None:
        raise ValueError(f"lacks {name}, which is needed: a string is accepted")
    if not isinstance(value, str):
        raise ValueError(f"has a {name} that is no string: only a string is accepted")
    return value


def _published(record: dict[str, Any]) -> int:
    text = _text(record, "publishedAt", needed=True)
    try:
        return parse_time(text)
    except ValueError:
        raise ValueError(f"has a publishedAt that is no time: {ACCEPTED} is accepted") from None


def _tags(record: dict[str, Any]) -> tuple[str, ...]:
    tags = record.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("has tags that are no list of strings: only such a list is accepted")
    return tuple(tags)


def _category(record: dict[str, Any]) -> str:
    value = record.get("categoryId")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(record, "categoryId") or "22"


def _count(record: dict[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"has a {name} that is no count: a whole number from 0 on is accepted")
    return value


def _observed_on(record: dict[str, Any]) -> str | None:
    text = _text(record, "observedOn")
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("has an observedOn that is no date: one such as 2026-01-31 is accepted") from None
