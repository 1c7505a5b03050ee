"""The parts that YouTube's resources are put together from."""

import base64
import hashlib
import html
from typing import Any

import orjson

from youtube_emulator.chance import number
from youtube_emulator.times import format_time
from youtube_emulator.video import Video, uploads_playlist

_CUT = 160
_CHANNEL_BORN_FROM, _CHANNEL_BORN_WITHIN = 1_136_073_600, 380_000_000
_SIZES = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
_FILES = {"default": "default", "medium": "mqdefault", "high": "hqdefault", "standard": "sddefault"}
_LARGER_SIZES = {"standard": (640, 480), "maxres": (1280, 720)}
_NEW_SIZES = {"fhd": (1920, 1080), "qhd": (2560, 1440), "uhd": (3840, 2160)}


def etag(value: object) -> str:
    """27 characters that change with the value."""
    digest = hashlib.sha1(orjson.dumps(value), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def resource(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """A resource: its kind and etag, then the rest."""
    return {"kind": kind, "etag": etag(body), **body}


def search_item(video: Video, now: float) -> dict[str, Any]:
    """A video as search shows it."""
    snippet = {
        "publishedAt": format_time(video.published),
        "channelId": video.channel_id,
        "title": escaped(video.title),
        "description": cut(video.description),
        "thumbnails": thumbnails(video.id),
        "channelTitle": escaped(video.channel_title),
        "liveBroadcastContent": "live" if video.is_live(now) else "none",
        "publishTime": format_time(video.published),
    }
    return resource(
        "youtube#searchResult", {"id": {"kind": "youtube#video", "videoId": video.id}, "snippet": snippet}
    )


def channel_search_item(channel: str, title: str) -> dict[str, Any]:
    """A channel as search shows it: an item without `videoId`."""
    return _other_item({"kind": "youtube#channel", "channelId": channel}, channel, title, escaped(title))


def playlist_search_item(channel: str, title: str) -> dict[str, Any]:
    """The playlist of a channel's uploads as search shows it: an item without `videoId`."""
    identity = {"kind": "youtube#playlist", "playlistId": uploads_playlist(channel)}
    return _other_item(identity, channel, title, escaped(f"Uploads from {title}"))


def escaped(text: str) -> str:
    """As search writes titles: `&amp;`, `&#39;`, `&quot;`, `&lt;`, `&gt;`."""
    return html.escape(text).replace("&#x27;", "&#39;")


def cut(description: str) -> str:
    """The first line of about 160 characters that search shows of a description."""
    text = " ".join(description[: 4 * _CUT].split())
    if len(text) <= _CUT:
        return text
    shortened = text[: _CUT - 3].rpartition(" ")[0] or text[: _CUT - 3]
    return f"{shortened} ..."


def thumbnails(video_id: str, *, larger: bool = False) -> dict[str, Any]:
    """The thumbnails of a video. Some have the sizes that were added in September 2026; `larger` adds older ones."""
    sizes = {**_SIZES, **(_LARGER_SIZES if larger else {})}
    new = number("thumbnails", video_id) % 8
    if new < 3:
        sizes |= dict(list(_NEW_SIZES.items())[: new + 1])
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{video_id}/{_FILES.get(name, name)}.jpg",
            "width": width,
            "height": height,
        }
        for name, (width, height) in sizes.items()
    }


def channel_thumbnails(channel: str) -> dict[str, Any]:
    """The pictures of a channel, which are square."""
    picture = channel.removeprefix("UC")
    sizes = {"default": 88, "medium": 240, "high": 800}
    return {
        name: {"url": f"https://yt3.ggpht.com/ytc/{picture}=s{size}-c-k-c0x00ffffff-no-rj"}
        for name, size in sizes.items()
    }


def channel_born(channel: str) -> str:
    """When a channel was opened."""
    return format_time(_CHANNEL_BORN_FROM + number("born", channel) % _CHANNEL_BORN_WITHIN)


def _other_item(identity: dict[str, str], channel: str, channel_title: str, title: str) -> dict[str, Any]:
    born = channel_born(channel)
    snippet = {
        "publishedAt": born,
        "channelId": channel,
        "title": title,
        "description": "",
        "thumbnails": channel_thumbnails(channel),
        "channelTitle": escaped(channel_title),
        "liveBroadcastContent": "none",
        "publishTime": born,
    }
    return resource("youtube#searchResult", {"id": identity, "snippet": snippet})
