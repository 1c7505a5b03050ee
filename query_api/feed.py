"""Videos as feeds: Atom (RFC 4287) and RSS 2.0 (https://www.rssboard.org/rss-specification), with the thumbnail of
Media RSS (https://www.rssboard.org/media-rss)."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from schemas import Video, format_utc

ATOM_TYPE = "application/atom+xml; charset=utf-8"
RSS_TYPE = "application/rss+xml; charset=utf-8"

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACES = {"xmlns:media": "http://search.yahoo.com/mrss/", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

_EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without a video was last changed, since it has to say something."""

# XML 1.0 has no way to write any other character, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """The videos of a search, in order. `given` are its parameters, `address` and `page` those of feed and page."""

    service: str
    given: Mapping[str, str]
    videos: Sequence[Video]
    address: str
    page: str

    @property
    def updated(self) -> datetime:
        """When the newest of its texts was told."""
        return max((video.updated_at for video in self.videos), default=_EMPTY_SINCE)

    @property
    def title(self) -> str:
        """The search in words."""
        asked = " · ".join(value if name == "q" else f"{name} {value}" for name, value in self._filters())
        return f"{self.service}: {asked}" if asked else self.service

    @property
    def id(self) -> str:
        """The same for the same search, by whatever name the service is reached."""
        return uuid5(NAMESPACE_URL, f"topicreel:{urlencode(sorted(self._filters()))}").urn

    def _filters(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.given.items() if name not in ("sort", "limit")]


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document. A video's id is its watch page."""
    root = Element("feed", {"xmlns": _ATOM, "xmlns:media": _NAMESPACES["xmlns:media"]})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", format_utc(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(root, "generator", "topicreel")
    for video in feed.videos:
        _add_atom_entry(root, video)
    return _written(root)


def rss(feed: Feed) -> bytes:
    """The feed as an RSS document. Descriptions are HTML there, so that plain text is escaped once more."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": _ATOM, **_NAMESPACES})
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", f"Videos on YouTube. {feed.title}")
    _add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    _add(channel, "atom:link", rel="self", type="application/rss+xml", href=feed.address)
    for video in feed.videos:
        _add_rss_item(channel, video)
    return _written(root)


def _add_atom_entry(root: Element, video: Video) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", video.url)
    _add(entry, "title", video.title)
    _add(entry, "link", rel="alternate", type="text/html", href=video.url)
    _add(entry, "published", format_utc(video.published_at))
    _add(entry, "updated", format_utc(video.updated_at))
    author = _add(entry, "author")
    _add(author, "name", video.channel_title)
    _add(author, "uri", f"https://www.youtube.com/channel/{video.channel_id}")
    _add(entry, "summary", video.description)
    _add_thumbnail(entry, video.thumbnails)


def _add_rss_item(channel: Element, video: Video) -> None:
    item = _add(channel, "item")
    _add(item, "title", video.title)
    _add(item, "link", video.url)
    _add(item, "guid", video.url, isPermaLink="true")
    _add(item, "pubDate", format_datetime(video.published_at, usegmt=True))
    _add(item, "dc:creator", video.channel_title)
    _add(item, "description", html.escape(video.description, quote=False).replace("\n", "<br>\n"))
    _add_thumbnail(item, video.thumbnails)


def _add_thumbnail(parent: Element, thumbnails: Mapping[str, Mapping[str, Any]]) -> None:
    """The widest one that is told."""
    widest = max(thumbnails.values(), key=lambda each: int(each.get("width") or 0), default={})
    if "url" in widest:
        sizes = {name: str(widest[name]) for name in ("width", "height") if widest.get(name)}
        _add(parent, "media:thumbnail", url=str(widest["url"]), **sizes)


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    element = SubElement(parent, tag, {name: _writable(value) for name, value in attributes.items()})
    element.text = _writable(text) or None
    return element


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
