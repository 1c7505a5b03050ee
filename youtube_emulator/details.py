"""Answers `videos.list` (https://developers.google.com/youtube/v3/docs/videos/list) for ids."""

from collections.abc import Sequence
from typing import Any

from youtube_emulator import refusals
from youtube_emulator.items import etag, resource, thumbnails
from youtube_emulator.library import Library
from youtube_emulator.parameters import Parameters
from youtube_emulator.refusals import RefusalError
from youtube_emulator.times import format_duration, format_time
from youtube_emulator.video import Video

KNOWN = ("part", "id", "maxResults", "hl", "regionCode")
_PARTS = (
    "snippet", "contentDetails", "statistics", "id", "status", "player", "topicDetails", "recordingDetails",
    "liveStreamingDetails", "localizations", "paidProductPlacementDetails",
)  # fmt: skip


def videos_answer(parameters: Parameters, library: Library, now: float) -> dict[str, Any]:
    """The videos with these ids; those that are not there are left out. Raises RefusalError."""
    parts = parameters.parts(_PARTS)
    ids = parameters.ids("id")
    if not ids:
        raise RefusalError(refusals.missing_parameter("id", "No filter selected. Expected one of: id"))
    found = [video for video_id in ids if (video := library.video(video_id, int(now))) is not None]
    items = [_video(video, parts, now) for video in found]
    body = {"items": items, "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)}}
    return {"kind": "youtube#videoListResponse", "etag": etag(body), **body}


def _video(video: Video, parts: Sequence[str], now: float) -> dict[str, Any]:
    body: dict[str, Any] = {"id": video.id}
    if "snippet" in parts:
        body["snippet"] = _snippet(video, now)
    if "contentDetails" in parts:
        body["contentDetails"] = _content_details(video, now)
    if "status" in parts:
        body["status"] = {"uploadStatus": "processed", "privacyStatus": "public", "license": "youtube",
                          "embeddable": True, "publicStatsViewable": True, "madeForKids": False}  # fmt: skip
    if "statistics" in parts:
        body["statistics"] = _statistics(video)
    return resource("youtube#video", body)


def _snippet(video: Video, now: float) -> dict[str, Any]:
    """Unlike in search, texts are whole and not escaped."""
    return {
        "publishedAt": format_time(video.published),
        "channelId": video.channel_id,
        "title": video.title,
        "description": video.description,
        "thumbnails": thumbnails(video.id, larger=True),
        "channelTitle": video.channel_title,
        **({"tags": list(video.tags)} if video.tags else {}),
        "categoryId": video.category_id,
        "liveBroadcastContent": "live" if video.is_live(now) else "none",
        "localized": {"title": video.title, "description": video.description},
        **({"defaultAudioLanguage": video.language} if video.language else {}),
    }


def _content_details(video: Video, now: float) -> dict[str, Any]:
    return {
        "duration": format_duration(0 if video.is_live(now) else video.duration_s),
        "dimension": "2d",
        "definition": "hd",
        "caption": "false",
        "licensedContent": True,
        "contentRating": {},
        "projection": "rectangular",
    }


def _statistics(video: Video) -> dict[str, str]:
    """Counts are strings; hidden ones are left out."""
    counts = {
        "viewCount": video.views,
        "likeCount": video.likes,
        "favoriteCount": 0,
        "commentCount": video.comments,
    }
    return {name: str(count) for name, count in counts.items() if count is not None}
