"""Answers `channels.list` (https://developers.google.com/youtube/v3/docs/channels/list) for ids or a handle."""

from collections.abc import Sequence
from typing import Any

from youtube_emulator import refusals
from youtube_emulator.chance import number
from youtube_emulator.items import channel_born, channel_thumbnails, etag, resource
from youtube_emulator.library import Library
from youtube_emulator.parameters import Parameters
from youtube_emulator.refusals import RefusalError
from youtube_emulator.video import Video, handle_of, uploads_playlist

KNOWN = ("part", "id", "forHandle", "maxResults", "hl")
_PARTS = (
    "id", "snippet", "contentDetails", "statistics", "status", "topicDetails", "brandingSettings", "localizations",
    "contentOwnerDetails", "auditDetails",
)  # fmt: skip


def channels_answer(parameters: Parameters, library: Library, now: float) -> dict[str, Any]:
    """The channels asked for; those that are not there, or have no video yet, are left out. Raises RefusalError."""
    parts = parameters.parts(_PARTS)
    ids, handle = parameters.ids("id"), parameters.text("forHandle")
    if bool(ids) == bool(handle):
        message = (
            "No filter selected. Expected one of: id, forHandle"
            if not ids
            else "Incompatible parameters specified in the request: id, forHandle"
        )
        raise RefusalError(refusals.missing_parameter("id", message))
    if handle:
        found = library.channel_of_handle(handle)
        ids = () if found is None else (found,)
    items = [item for channel in ids if (item := _channel(channel, parts, library, int(now))) is not None]
    body: dict[str, Any] = {"pageInfo": {"totalResults": len(items), "resultsPerPage": 5}}
    if items:  # YouTube leaves `items` out where there is none
        body["items"] = items
    return {"kind": "youtube#channelListResponse", "etag": etag(body), **body}


def _channel(channel: str, parts: Sequence[str], library: Library, now: int) -> dict[str, Any] | None:
    uploads = library.uploads(channel, now)
    newest = None if uploads is None else next(uploads, None)
    if uploads is None or newest is None:
        return None
    body: dict[str, Any] = {"id": channel}
    if "snippet" in parts:
        body["snippet"] = {
            "title": newest.channel_title,
            "description": "",
            "customUrl": handle_of(newest.channel_title),
            "publishedAt": channel_born(channel),
            "thumbnails": channel_thumbnails(channel),
            "localized": {"title": newest.channel_title, "description": ""},
        }
    if "contentDetails" in parts:
        body["contentDetails"] = {"relatedPlaylists": {"likes": "", "uploads": uploads_playlist(channel)}}
    if "statistics" in parts:
        body["statistics"] = _statistics(channel, [newest, *uploads])
    return resource("youtube#channel", body)


def _statistics(channel: str, videos: Sequence[Video]) -> dict[str, Any]:
    return {
        "viewCount": str(sum(video.views or 0 for video in videos)),
        "subscriberCount": str(1000 + number("subscribers", channel) % 5_000_000 // 1000 * 1000),
        "hiddenSubscriberCount": False,
        "videoCount": str(len(videos)),
    }
