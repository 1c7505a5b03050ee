"""Records of searches and lookups as the producer publishes them."""

from datetime import UTC, datetime
from typing import Any

import orjson

from event_log import NewRecord, Record
from schemas import LOOKUPS, RAW, LookupContext, LookupKind, RawContext

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


THUMBNAILS = {
    size: {"url": f"https://i.ytimg.com/vi/x/{size}.jpg", "width": width, "height": height}
    for size, width, height in (("default", 120, 90), ("medium", 320, 180), ("maxres", 1280, 720))
}


def a_video_item(video_id: str = "vid-1", title: str = "A title", **snippet: object) -> dict[str, Any]:
    """An item of videos.list."""
    return {
        "kind": "youtube#video",
        "etag": "an-etag",
        "id": video_id,
        "snippet": {
            "publishedAt": "2026-03-01T10:00:00Z",
            "channelId": "UCone",
            "title": title,
            "description": "A description",
            "thumbnails": THUMBNAILS,
            "channelTitle": "A channel",
            "tags": ["one", "two"],
            "categoryId": "27",
            "defaultAudioLanguage": "en-GB",
            "liveBroadcastContent": "none",
            "localized": {"title": title, "description": "A description"},
            **snippet,
        },
        "contentDetails": {"duration": "PT4M13S", "dimension": "2d"},
        "statistics": {"viewCount": "1234", "likeCount": "56", "favoriteCount": "0", "commentCount": "7"},
    }


def an_upload_item(video_id: str = "vid-1", title: str = "A title", **snippet: object) -> dict[str, Any]:
    """An item of playlistItems.list."""
    return {
        "kind": "youtube#playlistItem",
        "etag": "an-etag",
        "id": "VVVvbmU",
        "snippet": {
            "publishedAt": "2026-03-02T08:00:00Z",
            "channelId": "UClist",
            "title": title,
            "description": "A description",
            "thumbnails": THUMBNAILS,
            "channelTitle": "Whose list it is",
            "playlistId": "UUone",
            "position": 0,
            "resourceId": {"kind": "youtube#video", "videoId": video_id},
            "videoOwnerChannelTitle": "A channel",
            "videoOwnerChannelId": "UCone",
            **snippet,
        },
        "contentDetails": {"videoId": video_id, "videoPublishedAt": "2026-03-01T10:00:00Z"},
    }


def a_lookup(
    kind: LookupKind,
    item: object,
    key: str | None = "vid-1",
    fetched_at: datetime = NOON,
    subject: str | None = None,
) -> NewRecord:
    """A record of the lookup topic; `item` may be bytes, or None for a video that is gone."""
    context = LookupContext(
        event_id="call-1:1", kind=kind, source="http://127.0.0.1:1/youtube/v3", fetched_at=fetched_at, subject=subject
    )
    value = item if item is None or isinstance(item, bytes) else orjson.dumps(item)
    return NewRecord(LOOKUPS.name, key, value, context.to_headers())
