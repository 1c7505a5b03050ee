"""Answers as the API's documentation shows them. A test holds each to its schema.

Nothing in them is null, because FastAPI leaves that out of the document.
"""

from typing import Any

SUBJECT: dict[str, Any] = {
    "id": "street-food-674a7c",
    "query": "street food",
    "channels": [],
    "since": "2026-11-17T04:24:53Z",
    "followed_at": "2026-11-24T04:24:53Z",
}

ITEM: dict[str, Any] = {
    "video_id": "dQw4w9WgXcQ",
    "title": "Street food of Lisbon",
    "description": "Ten stalls in one evening.",
    "channel_id": "UCuAXFkgsw1L7xaCfnd5JJOw",
    "channel_title": "Eating outside",
    "published_at": "2026-11-24T04:20:00Z",
    "thumbnails": {
        "medium": {"url": "https://i.ytimg.com/vi/dQw4w9WgXcQ/mqdefault.jpg", "width": 320, "height": 180}
    },
    "live_broadcast_content": "none",
    "subjects": [SUBJECT["id"]],
    "first_seen_at": "2026-11-24T04:24:53Z",
    "updated_at": "2026-11-24T04:24:53Z",
    "refreshed_at": "2026-11-24T04:24:53Z",
    "details": {
        "duration_s": 632,
        "tags": ["street food", "lisbon"],
        "category_id": "19",
        "default_audio_language": "en",
        "view_count": 1234,
        "like_count": 56,
        "comment_count": 7,
    },
    "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
}

RESULTS: dict[str, Any] = {
    "items": [{**ITEM, "highlights": {"title": "<mark>Street</mark> <mark>food</mark> of Lisbon"}}],
    "total": {"value": 2, "relation": "eq"},
    "page": 1,
    "limit": 1,
    "facets": {
        "subjects": [{"value": SUBJECT["id"], "count": 2}],
        "channels": [{"value": ITEM["channel_id"], "title": ITEM["channel_title"], "count": 2}],
        "days": [{"value": "2026-11-24", "count": 2}],
    },
    "next_cursor": "qQg_OjKYWzE3OTU1NTE4OTEsImI4ZjliZDljNTA2NiIsMywxOTAzODk4ODczNjExMzQzNDY3XQ",
    "took_ms": 2,
}

PAGE: dict[str, Any] = {
    "items": [ITEM],
    "total": {"value": 1, "relation": "eq"},
    "page": 1,
    "limit": 5,
    "took_ms": 1,
}

SUGGESTIONS: dict[str, Any] = {
    "titles": [{"text": ITEM["title"], "video_id": ITEM["video_id"]}],
    "channels": [{"channel_id": ITEM["channel_id"], "title": ITEM["channel_title"]}],
    "took_ms": 1,
}

TIMELINE: dict[str, Any] = {
    "interval": "day",
    "buckets": [{"from": "2026-11-24T00:00:00Z", "count": 1}],
    "total": 1,
    "took_ms": 1,
}

CHANNELS: dict[str, Any] = {
    "channels": [{"channel_id": ITEM["channel_id"], "title": ITEM["channel_title"], "count": 1}],
    "total": 1,
    "took_ms": 1,
}

KEY: dict[str, Any] = {
    "id": "f7b34cff9d9e759a",
    "masked": "…-key",
    "project": "f7b34cff9d9e759a",
    "source": "api",
    "added_at": "2026-11-24T04:24:53Z",
    "state": "invalid",
    "reason": "API key not valid. Please pass a valid API key.",
    "checked_at": "2026-11-24T04:24:54Z",
    "retired_at": "2026-11-24T04:24:54Z",
}

LEAVING: dict[str, Any] = {
    "id": SUBJECT["id"],
    "videos": "delete",
    "by": "the producer, within minutes while it runs",
}

ALIVE: dict[str, Any] = {"status": "alive"}
READY: dict[str, Any] = {"status": "ready", "dependencies": {"index": "ok", "log": "ok"}, "simulated": False}
NOT_READY: dict[str, Any] = {
    "status": "not ready",
    "dependencies": {"index": "away: it cannot be reached", "log": "ok"},
    "simulated": False,
}

STATUS: dict[str, Any] = {
    "state": "waiting",
    "reason": "the searches of today are used up until 09:00 CET",
    "as_of": "2026-11-24T04:24:53Z",
    "instance": "host-4711",
    "subjects": [
        {
            "id": SUBJECT["id"],
            "query": "street food",
            "last_poll_at": "2026-11-24T04:20:00Z",
            "next_poll_at": "2026-11-24T08:00:00Z",
            "found": 1234,
            "new": 900,
            "expected_delay_s": 432.0,
            "channels": 12,
            "backfill": {"windows_done": 3, "windows_left": 5, "days_left": 1.2},
        }
    ],
    "projects": [
        {
            "id": "projects/123456789",
            "keys": ["…abcd"],
            "searches_left": 0,
            "searches_per_day": 100,
            "units_left": 9120,
            "units_per_day": 10000,
            "resets_at": "2026-11-24T08:00:00Z",
            "resets_at_local": "09:00 CET",
        }
    ],
    "channels": 12,
    "videos": 14318,
    "awaiting_details": 3,
    "oldest_refreshed_at": "2026-11-01T10:00:00Z",
    "simulated": False,
}

ALERT: dict[str, Any] = {
    "id": "9f2c1e8ab04d7731",
    "name": "street food",
    "filters": {"q": "street food -vlog"},
    "webhook": "https://hooks.example",
    "secret": None,
    "created_at": "2026-11-24T04:24:53Z",
    "delivered": 12,
    "last_delivered_at": "2026-11-24T05:12:10Z",
    "given_up": 0,
    "failed_attempts": 0,
    "failing_since": None,
    "last_failure": None,
}

NEW_ALERT: dict[str, Any] = {
    **ALERT,
    "webhook": "https://hooks.example/videos",
    "secret": "vM2nT0cX9s1dQy7Zb4LwEoRj6uHfGpKaIt8Vx5N3Kq0",
    "delivered": 0,
    "last_delivered_at": None,
}
"""An alert as it is told once."""

METRICS = """# HELP topicreel_producer_up 1 while a producer tells of itself
# TYPE topicreel_producer_up gauge
topicreel_producer_up 1.0
"""
