"""Follows `youtube.videos` for those who wait for new matches of a search: one reader for all of them.

    youtube.videos ─► reader ─► new videos ─► Matcher ─┬► follower (its search, its positions) ─► offer
                        ▲                              └► follower ...
                        └── back to the least position of those that are ready

Each follower has positions of its own, and is told only of what lies behind them. One that begins further back, or
had no room for a while, makes the reader go back; the others are not told again. So nothing is kept for a slow
follower, and it holds up nobody.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from event_log import EventLog, LogUnavailableError, Positions, Reader, Record
from observability import event_logger
from query_api.parameters import search_request
from query_api.problems import ProblemError
from schemas import VIDEOS, Video, utc_now
from video_index import SearchRequest
from video_index.matching import Matcher

logs = event_logger("query_api")

_AT_ONCE = 200
"""Records; a follower with room may be offered so many."""

_WAIT_S = 0.5
_NO_ROOM_S = 0.1
_PAUSE_S = 1.0
_REMEMBERED = 5_000

STAYS_NEW = timedelta(days=1)
"""After it was first seen, a video that begins to match, as by its details, is still a new match."""


@dataclass(frozen=True, slots=True)
class Found:
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
        self._sent: OrderedDict[str, None] = OrderedDict.fromkeys(sent)

    @abstractmethod
    def ready(self) -> bool:
        """Whether there is room for more."""

    @abstractmethod
    def request(self) -> SearchRequest | None:
        """What it waits for, as of now; None while nothing can match."""

    @abstractmethod
    def offer(self, found: Found) -> None:
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
                self.offer(Found(video, record, dict(behind)))
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


class Following:
    """The reader and its thread, which works while somebody follows. Threads may share it."""

    def __init__(self, log: EventLog, name: str) -> None:
        self._log = log
        self._name = name
        self._followers: list[Follower] = []
        self._lock = Lock()
        self._ended = Event()
        self._thread: Thread | None = None

    def add(self, follower: Follower) -> None:
        """Tells the follower of new matches from its positions on."""
        with self._lock:
            self._followers.append(follower)
            if self._thread is None:
                self._ended.clear()
                self._thread = Thread(target=self._run, name=f"following for {self._name}", daemon=True)
                self._thread.start()

    def remove(self, follower: Follower) -> None:
        """Tells it no more, but for what is being told at this moment."""
        with self._lock:
            if follower in self._followers:
                self._followers.remove(follower)

    def close(self) -> None:
        """Tells nobody any more, and reads no more when it returns."""
        with self._lock:
            self._followers.clear()
            self._ended.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        with ExitStack() as opened:
            reader: Reader | None = None
            while followers := self._current():
                try:
                    if reader is None:
                        reader = opened.enter_context(closing(self._log.reader([VIDEOS.name])))
                    self._step(reader, followers)
                except LogUnavailableError as error:
                    logs.warning("log_away", reason=error)
                    self._ended.wait(_PAUSE_S)
                except Exception:  # the last place to catch it: without this thread nobody is told of anything
                    logs.exception("following_failed")
                    self._ended.wait(_PAUSE_S)

    def _current(self) -> list[Follower]:
        """Those who follow; once there are none the thread is to end, and the next one starts another."""
        with self._lock:
            if not self._followers:
                self._thread = None
            return list(self._followers)

    def _step(self, reader: Reader, followers: Sequence[Follower]) -> None:
        for follower in followers:
            if not follower.takes_part:
                follower.take_part(reader.ends())
        ready = [follower for follower in followers if follower.ready()]
        if not ready:
            self._ended.wait(_NO_ROOM_S)
            return
        wanted, reached = lowest([follower.positions or {} for follower in ready]), reader.positions()
        if lowest([wanted, reached]) != highest(wanted, reached):
            reader.seek(wanted)
        records = reader.poll(_AT_ONCE, _WAIT_S)
        _tell(ready, _changes(records), reader.positions())


def _tell(followers: Sequence[Follower], changes: Sequence[tuple[Record, Video]], reached: Positions) -> None:
    wanted = {id(follower): [change for change in changes if follower.wants(*change)] for follower in followers}
    # Of several changes of a video the newest counts.
    newest = {video.video_id: video for some in wanted.values() for _, video in some}
    matcher = Matcher(newest.values()) if newest else None
    for follower in followers:
        some = wanted[id(follower)]
        request = follower.request() if some else None
        found = matcher.matches(request) if matcher is not None and request is not None else set()
        follower.tell(
            [(record, newest[video.video_id]) for record, video in some if video.video_id in found], reached
        )


def _changes(records: Sequence[Record]) -> list[tuple[Record, Video]]:
    changes = []
    for record in records:
        if record.value is None:
            continue
        try:
            changes.append((record, Video.model_validate_json(record.value)))
        except ValueError:
            logs.warning("record_unreadable", topic=record.topic, partition=record.partition, offset=record.offset)
    return changes


def lowest(several: Sequence[Positions]) -> dict[tuple[str, int], int]:
    """The positions before all of these; a place that one of them does not name is at its beginning."""
    places = {place for positions in several for place in positions}
    return {place: min(positions.get(place, 0) for positions in several) for place in places}


def highest(one: Positions, other: Positions) -> dict[tuple[str, int], int]:
    """The positions behind both of these."""
    return {place: max(one.get(place, 0), other.get(place, 0)) for place in {*one, *other}}
