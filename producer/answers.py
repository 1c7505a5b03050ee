"""What answers of YouTube hold, as far as the producer looks into them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from producer.errors import UnavailableError
from schemas import parse_utc

Item = TypeVar("Item")

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A search result. `value` is its JSON with the keys and values YouTube sent, in the same order.

    `video_id` is None for what is not a video, `published_at` where there is no time that can be read.
    """

    value: bytes
    video_id: str | None
    published_at: datetime | None
    channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class UploadedItem:
    """An item of a channel's uploads. `texts` are those that a query is matched with.

    `video_id` or `published_at` is None for what is no video any more, or not yet.
    """

    value: bytes
    video_id: str | None
    published_at: datetime | None
    texts: tuple[str, ...]
    channel_title: str = ""


@dataclass(frozen=True, slots=True)
class UploadsPage:
    """A page of uploads, the one added last first, and the token of the next page if there is one."""

    items: tuple[UploadedItem, ...]
    next_token: str | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results, in YouTube's order, and the token of the next page if there is one."""

    items: tuple[FoundItem, ...]
    next_token: str | None


def read_page(body: bytes) -> SearchPage:
    """The page in the body of a good answer. Raises UnavailableError when it is not an answer of `search.list`."""
    return SearchPage(*_read(body, "search", "youtube#searchListResponse", _found))


def read_uploads(body: bytes) -> UploadsPage:
    """The same of `playlistItems.list`."""
    return UploadsPage(*_read(body, "playlistItems", "youtube#playlistItemListResponse", _uploaded))


def read_videos(body: bytes) -> dict[str, bytes]:
    """The items of an answer of `videos.list`, by video id. Raises UnavailableError when it is none."""
    items, _ = _read(body, "videos", "youtube#videoListResponse", _looked_up)
    return {video_id: value for video_id, value in items if video_id is not None}


def _read(body: bytes, method: str, kind: str, read: Callable[[object], Item]) -> tuple[tuple[Item, ...], str | None]:
    """The items, each as `read` reads it, and the token of the next page.

    Python's own JSON reader is used because it loses nothing: integers of any size and halves of surrogate pairs
    come out as they went in.
    """
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        items = document.get("items", [] if document.get("kind") == kind else None)
        token = document.get("nextPageToken")
        if not isinstance(items, list):
            raise TypeError("its items are no list")
        found = tuple(read(item) for item in items)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnavailableError(
            f"the answer is not one of YouTube's {method}.list: is YOUTUBE_API_URL right?", sent=True
        ) from error
    return found, token if isinstance(token, str) and token else None


def _found(item: object) -> FoundItem:
    video_id = _text(item, "id", "videoId")
    return FoundItem(
        value=_to_json(item),
        video_id=video_id if video_id and _VIDEO_ID.fullmatch(video_id) else None,
        published_at=_time(_text(item, "snippet", "publishedAt")),
        channel_id=_text(item, "snippet", "channelId"),
    )


def _looked_up(item: object) -> tuple[str | None, bytes]:
    video_id = item.get("id") if isinstance(item, dict) else None
    return video_id if isinstance(video_id, str) else None, _to_json(item)


def _uploaded(item: object) -> UploadedItem:
    video_id = _text(item, "contentDetails", "videoId")
    texts = (_text(item, "snippet", name) for name in ("title", "description", "videoOwnerChannelTitle"))
    return UploadedItem(
        value=_to_json(item),
        video_id=video_id if video_id and _VIDEO_ID.fullmatch(video_id) else None,
        published_at=_time(_text(item, "contentDetails", "videoPublishedAt")),
        texts=tuple(text for text in texts if text),
        channel_title=_text(item, "snippet", "videoOwnerChannelTitle") or "",
    )


def _text(item: object, outer: str, inner: str) -> str | None:
    part: Any = item.get(outer) if isinstance(item, dict) else None
    value = part.get(inner) if isinstance(part, dict) else None
    return value if isinstance(value, str) else None


def _time(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_utc(text)
    except ValueError:
        return None


def _to_json(item: object) -> bytes:
    try:
        return json.dumps(item, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError:
        return json.dumps(item, separators=(",", ":"), allow_nan=False).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
