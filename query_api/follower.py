"""Who waits for new matches of a search, and which these are."""

import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from event_log import Positions, Record
from query_api.parameters import search_request
from query_api.problems import ProblemError
from schemas import Video, utc_now
from video_index import SearchRequest

_REMEMBERED = 5_000
"""Ids of videos that a follower was told of."""

STAYS_NEW = timedelta(days=1)
"""After it was first seen, a video that begins to match, as by its details, is still a new match."""


@dataclass(frozen=True, slots=True)
class Match:
    """A new match, the record that tells it, and the positions behind that."""

    video: Video
    record: Record
    positions: Positions


class Follower(ABC):
    """Waits for new matches; `positions` None: from when it is added on. Its methods are called by one thread.

    `began` is when it began to wait: what was first seen before is nothing new. `sent` are ids that it had already.
    """

    def __init__(self, began: datetime, positions: Positions | None, sent: Iterable[str] = ()) -> None:
        self.began = began
        self.positions = positions
        self.takes_part = False
        self.last_turn_s = time.monotonic()
        """When it was last caught up, or else made: who comes again and again gets no more turns than others."""
        self._sent: OrderedDict[str, None] = OrderedDict.fromkeys(sent)

    @abstractmethod
    def ready(self) -> bool:
        """Whether there is room for more."""

    @abstractmethod
    def request(self) -> SearchRequest | None:
        """What it waits for, as of now; None while nothing can match."""

    @abstractmethod
    def offer(self, found: Match) -> None:
        """Takes a match that it was not offered before, as far as is remembered."""

    @abstractmethod
    def reach(self, positions: Positions) -> None:
        """All matches before these positions were offered."""

    def take_part(self, ends: Positions) -> None:
        """Before the first match: decides where to begin, which is not behind the end of a log that lost some."""
        given = ends if self.positions is None else self.positions
        self.positions = {place: min(given.get(place, 0), end) for place, end in ends.items()}
        self.takes_part = True
        self.reach(self.positions)

    def has_reached(self, positions: Positions) -> bool:
        """Whether it needs nothing that lies before these."""
        own = self.positions or {}
        return all(own.get(place, 0) >= offset for place, offset in positions.items())

    def wants(self, record: Record, video: Video) -> bool:
        """Whether it is told of this video, should its search find it."""
        is_behind = record.offset >= (self.positions or {}).get((record.topic, record.partition), 0)
        return is_behind and video.video_id not in self._sent and is_new(video, self.began)

    def tell(self, matches: Sequence[tuple[Record, Video]], reached: Positions) -> None:
        """Offers matches, in the order of the log, whose reader has come to `reached`."""
        behind = dict(self.positions or {})
        for record, video in matches:
            behind[record.topic, record.partition] = record.offset + 1
            if video.video_id not in self._sent:
                self._sent[video.video_id] = None
                self.offer(Match(video, record, dict(behind)))
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
        self.positions = highest(self.positions or {}, reached)
        self.reach(self.positions)


def current_request(given: Mapping[str, str]) -> SearchRequest | None:
    """The search with these filters, which were accepted before, as of now; None while it cannot find anything."""
    try:
        return search_request(given, utc_now())
    except ProblemError:
        # A range with an end that moves along, such as `now-7d`, may have become empty.
        return None


def is_new(video: Video, began: datetime) -> bool:
    """Whether a change is of a video that is new since `began`.

    It was first seen since then, or this is its very first record: one that was seen before, but processed late.
    """
    last = max(video.updated_at, video.refreshed_at)
    is_first = video.details is None and last == video.first_seen_at
    return is_first or (video.first_seen_at >= began and last - video.first_seen_at <= STAYS_NEW)


def highest(one: Positions, other: Positions) -> dict[tuple[str, int], int]:
    """The positions behind both of these."""
    return {place: max(one.get(place, 0), other.get(place, 0)) for place in {*one, *other}}
