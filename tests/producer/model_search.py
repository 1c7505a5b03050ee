"""A model of YouTube's search.list, with its oddities, as the tests' idea of what is out there."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from producer.answers import SearchPage, read_page
from producer.errors import PageTokenError
from schemas import Window, format_utc, parse_utc

START = parse_utc("2026-03-01T00:00:00Z")
PAGE = 50


@dataclass(frozen=True)
class ModelVideo:
    """A video; `found_from` is when the search begins to show it."""

    id: str
    published_at: datetime
    found_from: datetime = START

    def to_item(self) -> dict[str, object]:
        return {
            "kind": "youtube#searchResult",
            "id": {"kind": "youtube#video", "videoId": self.id},
            "snippet": {
                "publishedAt": format_utc(self.published_at),
                "channelId": "UC1",
                "title": f"Tea &amp; {self.id}",
            },
        }


def videos_at(*seconds: int, prefix: str = "video") -> list[ModelVideo]:
    """Videos published that many seconds after START."""
    return [
        ModelVideo(f"{prefix}{number}", START + timedelta(seconds=second)) for number, second in enumerate(seconds)
    ]


Glitch = Callable[["Offer"], "Offer"]


@dataclass(frozen=True)
class Offer:
    """A page as YouTube would serve it if all went well."""

    items: tuple[ModelVideo, ...]
    next_token: str | None
    first: bool
    earlier: tuple[ModelVideo, ...]


def empty(offer: Offer) -> Offer:
    return Offer((), offer.next_token, offer.first, offer.earlier)


def nothing(offer: Offer) -> Offer:
    return Offer((), None, offer.first, offer.earlier)


def token_lost(offer: Offer) -> Offer:
    """Only of a full page: of a short one nobody could tell that it was not the last."""
    lost = len(offer.items) == PAGE
    return Offer(offer.items, None if lost else offer.next_token, offer.first, offer.earlier)


def repeated(offer: Offer) -> Offer:
    return offer if offer.first else Offer(offer.earlier[-PAGE:], offer.next_token, offer.first, offer.earlier)


def shifted(offer: Offer) -> Offer:
    """A page that begins with the end of the one before, and lacks its own end."""
    if offer.first:
        return offer
    return Offer((offer.earlier[-7:] + offer.items)[:PAGE], offer.next_token, offer.first, offer.earlier)


GLITCHES: tuple[Glitch, ...] = (empty, nothing, token_lost, repeated, shifted)


@dataclass
class ModelSearch:
    """Serves windows of `videos`, newest first unless `order` says otherwise, `cap` results at most.

    With `glitches`, a page is spoilt with `glitch_rate`, but never the same page twice.
    """

    videos: Sequence[ModelVideo]
    cap: int = 500
    order: Callable[[ModelVideo], object] | None = None
    strangers: Sequence[ModelVideo] = ()
    glitches: Sequence[Glitch] = ()
    glitch_rate: float = 0.0
    token_refusals: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    now: Callable[[], datetime] = lambda: datetime.max.replace(tzinfo=START.tzinfo)
    searches: int = 0
    _spoilt: set[tuple[object, ...]] = field(default_factory=set)

    def search(self, window: Window, token: str | None) -> SearchPage:
        """The page as the producer reads it. Raises PageTokenError."""
        return read_page(self.answer(window, token))

    def answer(self, window: Window, token: str | None) -> bytes:
        """The body of the answer. Raises PageTokenError."""
        self.searches += 1
        offset = int(token or 0)
        if offset and self._happens(("token", window, offset), self.token_refusals):
            raise PageTokenError("invalidPageToken")
        offer = self._offer(window, offset)
        if self.glitches and self._happens(("page", window, offset), self.glitch_rate):
            offer = self.rng.choice(self.glitches)(offer)
        return _body(offer)

    def _offer(self, window: Window, offset: int) -> Offer:
        results = self._results(window)[: self.cap]
        items = tuple(results[offset : offset + PAGE])
        # Like YouTube, it names one more page at its end, which is empty.
        more = offset + PAGE < len(results) or (offset + PAGE == len(results) == self.cap)
        return Offer(items, str(offset + PAGE) if items and more else None, offset == 0, tuple(results[:offset]))

    def _results(self, window: Window) -> list[ModelVideo]:
        shown = [
            video
            for video in self.videos
            if window.start <= video.published_at <= window.end and video.found_from <= self.now()
        ]
        shown.sort(key=lambda video: (video.published_at, video.id), reverse=True)
        if self.order is not None:
            shown.sort(key=self.order)  # type: ignore[arg-type]
        for place, stranger in enumerate(self.strangers):
            shown.insert(min(len(shown), 3 + 31 * place), stranger)
        return shown

    def _happens(self, what: tuple[object, ...], rate: float) -> bool:
        if not rate or what in self._spoilt or self.rng.random() >= rate:
            return False
        self._spoilt.add(what)
        return True


def _body(offer: Offer) -> bytes:
    document: dict[str, object] = {
        "kind": "youtube#searchListResponse",
        "pageInfo": {"totalResults": 1_000_000, "resultsPerPage": len(offer.items)},
        "items": [video.to_item() for video in offer.items],
    }
    if offer.next_token:
        document["nextPageToken"] = offer.next_token
    return json.dumps(document).encode()
