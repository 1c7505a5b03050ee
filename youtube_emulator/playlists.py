"""Answers `playlistItems.list` (https://developers.google.com/youtube/v3/docs/playlistItems/list).

The only playlists are channels' uploads: `UU` and the channel's id without its `UC`.
"""

import base64
from collections.abc import Sequence
from itertools import islice
from typing import Any

from youtube_emulator import refusals
from youtube_emulator.items import etag, resource, thumbnails
from youtube_emulator.library import Library
from youtube_emulator.paging import PageFrame
from youtube_emulator.parameters import Parameters
from youtube_emulator.refusals import RefusalError
from youtube_emulator.times import format_time
from youtube_emulator.video import Video

KNOWN = ("part", "playlistId", "maxResults", "pageToken", "videoId", "hl")
_PARTS = ("id", "snippet", "contentDetails", "status")
_MAX_ITEMS = 20_000
"""YouTube shows no more of a playlist."""


def playlist_answer(parameters: Parameters, library: Library, now: float) -> dict[str, Any]:
    """A page of a channel's uploads, newest first. Raises RefusalError."""
    parts = parameters.parts(_PARTS)
    playlist = parameters.text("playlistId")
    if playlist is None:
        message = "No filter selected. Expected one of: playlistId"
        raise RefusalError(refusals.missing_parameter("playlistId", message))
    size = parameters.page_size()
    frame = PageFrame(parameters.place().start(size), size)
    uploads = library.uploads("UC" + playlist[2:], int(now)) if playlist.startswith("UU") else None
    if uploads is None:
        raise RefusalError(refusals.playlist_not_found())
    videos = [video for video in islice(uploads, _MAX_ITEMS) if parameters.text("videoId") in (None, video.id)]
    items = [
        _item(video, playlist, frame.start + place, parts)
        for place, video in enumerate(videos[frame.start : frame.end])
    ]
    body = {
        **frame.tokens(more=len(videos) > frame.end),
        "items": items,
        "pageInfo": {"totalResults": len(videos), "resultsPerPage": frame.size},
    }
    return {"kind": "youtube#playlistItemListResponse", "etag": etag(body), **body}


def _item(video: Video, playlist: str, position: int, parts: Sequence[str]) -> dict[str, Any]:
    published = format_time(video.published)
    body: dict[str, Any] = {"id": base64.b64encode(f"{playlist}.{video.id}".encode()).decode().rstrip("=")}
    if "snippet" in parts:
        body["snippet"] = {
            "publishedAt": published,
            "channelId": video.channel_id,
            "title": video.title,
            "description": video.description,
            "thumbnails": thumbnails(video.id, larger=True),
            "channelTitle": video.channel_title,
            "playlistId": playlist,
            "position": position,
            "resourceId": {"kind": "youtube#video", "videoId": video.id},
            "videoOwnerChannelTitle": video.channel_title,
            "videoOwnerChannelId": video.channel_id,
        }
    if "contentDetails" in parts:
        body["contentDetails"] = {"videoId": video.id, "videoPublishedAt": published}
    if "status" in parts:
        body["status"] = {"privacyStatus": "public"}
    return resource("youtube#playlistItem", body)
