"""What an answer of `search.list` holds, as far as the producer looks into it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from producer.errors import UnavailableError
from schemas import parse_utc

_KIND = "youtube#searchListResponse"
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A search result. `value` is its JSON with the keys and values YouTube sent, in the same order.

    `video_id` is None for what is not a video, `published_at` where there is no time that can be read.
    """

    value: bytes
    video_id: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results, in YouTube's order, and the token of the next page if there is one."""

    items: tuple[FoundItem, ...]
    next_token: str | None


def read_page(body: bytes) -> SearchPage:
    """The page in the body of a good answer. Raises UnavailableError when it is not an answer of `search.list`.

    Python's own JSON reader is used because it loses nothing: integers of any size and halves of surrogate pairs
    come out as they went in.
    """
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        items = document.get("items", [] if document.get("kind") == _KIND else None)
        token = document.get("nextPageToken")
        if not isinstance(items, list):
            raise TypeError("its items are no list")
        found = tuple(_found(item) for item in items)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnavailableError(
            "the answer is not one of YouTube's search.list: is YOUTUBE_API_URL right?", sent=True
        ) from error
    return SearchPage(found, token if isinstance(token, str) and token else None)


def _found(item: object) -> FoundItem:
    video_id = _text(item, "id", "videoId")
    return FoundItem(
        value=_to_json(item),
        video_id=video_id if video_id and _VIDEO_ID.fullmatch(video_id) else None,
        published_at=_time(_text(item, "snippet", "publishedAt")),
    )


def _text(item: object, outer: str, inner: str) -> str | None:
    part: Any = item.get(outer) if isinstance(item, dict) else None
    value = part.get(inner) if isinstance(part, dict) else None
    return value if isinstance(value, str) else None


def _time(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_utc(text)
    except (ValueError, OverflowError):
        return None


def _to_json(item: object) -> bytes:
    try:
        return json.dumps(item, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError:
        return json.dumps(item, separators=(",", ":"), allow_nan=False).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
