"""Answers `search.list`.

Results of `order=date` are looked up newest first, no further than the page asked for. For the other orders the
newest matches are ranked, `_RANKED` of them at most; relevance is how many words of the question a title has, then
views. Where channels or playlists are asked for as well, those of the videos found stand between the videos.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from youtube_emulator.chance import share
from youtube_emulator.items import channel_search_item, etag, playlist_search_item, search_item
from youtube_emulator.lateness import Lateness
from youtube_emulator.library import Library
from youtube_emulator.matching import Question
from youtube_emulator.search_request import SearchRequest
from youtube_emulator.video import Video
from youtube_emulator.words import words

MAX_TOTAL = 1_000_000
_RANKED = 5_000
_CHANNEL_EVERY, _PLAYLIST_EVERY = 12, 30
_SHORT_S, _LONG_S = 4 * 60, 20 * 60

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Search:
    """Searches a library. Paging ends at `result_cap` results, whatever there is."""

    library: Library
    lateness: Lateness = field(default_factory=Lateness)
    result_cap: int = 500

    def results(self, request: SearchRequest, now: float) -> list[Item]:
        """The items up to the end of the page, and one more where there is more."""
        wanted = min(request.frame.end, self.result_cap) + 1
        if request.types == ("video",):
            return [search_item(video, now) for video in self._first_videos(request, now, wanted)]
        videos = self._first_videos(request, now, self.result_cap + 1)
        return _mixed(videos, request, now)[:wanted]

    def _first_videos(self, request: SearchRequest, now: float, wanted: int) -> list[Video]:
        found = (video for video in self.found(request, now) if self._fits(video, request, now))
        if request.order == "date":
            return list(islice(found, wanted))
        return _ranked(islice(found, _RANKED), request, wanted)

    def found(self, request: SearchRequest, now: float) -> Iterator[Video]:
        """The videos that match and were published in the span asked for, newest first, whatever else is asked."""
        return self.library.find(request.question, request.span, int(now))

    def _fits(self, video: Video, request: SearchRequest, now: float) -> bool:
        if self.lateness.hides(video, now):
            return False
        if request.channel is not None and video.channel_id != request.channel:
            return False
        if request.category is not None and video.category_id != request.category:
            return False
        return _has_duration(video, request.duration) and _is_event(video, request.event, now)


def page_of(request: SearchRequest, items: Sequence[Item], cap: int) -> tuple[list[Item], bool]:
    """The page, out of what `Search.results` gave, and whether there is more.

    As with YouTube, a page that ends at the cap still names a next one, which is empty.
    """
    frame = request.frame
    page = list(items[frame.start : min(frame.end, cap)])
    return page, bool(page) and len(items) > min(frame.end, cap)


def answer_body(request: SearchRequest, page: Sequence[Item], *, more: bool) -> dict[str, Any]:
    """The body of an answer with this page."""
    body = {
        **request.frame.tokens(more=more),
        "regionCode": request.region,
        "pageInfo": {"totalResults": _estimate(request, len(page)), "resultsPerPage": len(page)},
        "items": [_with_parts(item, request.parts) for item in page],
    }
    return {"kind": "youtube#searchListResponse", "etag": etag(body), **body}


def _with_parts(item: Item, parts: Sequence[str]) -> Item:
    return item if "snippet" in parts else {name: value for name, value in item.items() if name != "snippet"}


def _estimate(request: SearchRequest, on_page: int) -> int:
    """A total as YouTube gives it: of the right kind, and otherwise a guess that changes from page to page."""
    if on_page < request.frame.size and not request.frame.start:
        return on_page
    guess = 10 ** (2.5 + 4 * share(request.varied_by)) * (0.9 + share(request.varied_by, request.frame.start) / 5)
    return min(MAX_TOTAL, request.frame.start + on_page + int(guess))


def _ranked(videos: Iterable[Video], request: SearchRequest, wanted: int) -> list[Video]:
    if request.order == "title":
        return heapq.nsmallest(wanted, videos, key=lambda video: (video.title.casefold(), video.id))
    rank = _relevance(request.question) if request.order in ("relevance", "videoCount") else _RANKS[request.order]
    return heapq.nlargest(wanted, videos, key=lambda video: (rank(video), video.id))


_RANKS: dict[str, Callable[[Video], int]] = {
    "viewCount": lambda video: video.views or 0,
    "rating": lambda video: video.likes or 0,
}


def _relevance(question: Question) -> Callable[[Video], tuple[int, int]]:
    wanted = {word for group in question.groups for term in group if not term.excluded for word in term.words}
    return lambda video: (len(wanted.intersection(words(video.title))) if wanted else 0, video.views or 0)


def _has_duration(video: Video, duration: str) -> bool:
    if duration == "any":
        return True
    actual = "short" if video.duration_s < _SHORT_S else "long" if video.duration_s > _LONG_S else "medium"
    return duration == actual


def _is_event(video: Video, event: str | None, now: float) -> bool:
    """No broadcast is ever upcoming: videos of the future are not shown."""
    return event is None or (video.broadcast and event == ("live" if video.is_live(now) else "completed"))


def _mixed(videos: Sequence[Video], request: SearchRequest, now: float) -> list[Item]:
    channels = {video.channel_id: video.channel_title for video in videos}
    rows: dict[str, list[Item]] = {
        "video": [search_item(video, now) for video in videos],
        "channel": [channel_search_item(channel, title) for channel, title in channels.items()],
        "playlist": [playlist_search_item(channel, title) for channel, title in channels.items()],
    }
    if "video" not in request.types:
        return [item for kind in request.types for item in rows[kind]]
    mixed: list[Item] = []
    for place, item in enumerate(rows["video"]):
        mixed.append(item)
        for kind, every in (("channel", _CHANNEL_EVERY), ("playlist", _PLAYLIST_EVERY)):
            if kind in request.types and place % every == 0 and place // every < len(rows[kind]):
                mixed.append(rows[kind][place // every])
    return mixed
