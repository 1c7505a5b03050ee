"""Raw records as the producer publishes them."""

from datetime import UTC, datetime
from typing import Any

import orjson

from event_log import NewRecord, Record
from schemas import RAW, RawContext

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def an_item(video_id: str = "vid-1", title: str = "A title", **snippet: object) -> dict[str, Any]:
    return {
        "kind": "youtube#searchResult",
        "etag": "an-etag",
        "id": {"kind": "youtube#video", "videoId": video_id},
        "snippet": {
            "publishedAt": "2026-03-01T10:00:00Z",
            "channelId": "UCone",
            "title": title,
            "description": "A description",
            "thumbnails": {"default": {"url": "https://i.ytimg.com/vi/x/default.jpg", "width": 120, "height": 90}},
            "channelTitle": "A channel",
            "liveBroadcastContent": "none",
            "publishTime": "2026-03-01T10:00:00Z",
            **snippet,
        },
    }


def a_context(subject: str = "cats-1", fetched_at: datetime = NOON) -> RawContext:
    return RawContext(
        event_id="poll-1:1:1",
        source="http://127.0.0.1:1/youtube/v3",
        fetched_at=fetched_at,
        subject=subject,
        window_from=NOON,
        window_to=NOON,
        page=1,
    )


def a_raw(item: object, context: RawContext | None = None, key: str | None = "vid-1") -> NewRecord:
    """A record to append; `item` may be bytes, to be taken as they are."""
    value = item if isinstance(item, bytes) else orjson.dumps(item)
    return NewRecord(RAW.name, key, value, (context or a_context()).to_headers())


def as_read(new: NewRecord, offset: int = 0) -> Record:
    return Record(new.topic, 0, offset, new.key, new.value, new.headers, 0)
