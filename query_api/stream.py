"""Server-sent events of new matches (https://html.spec.whatwg.org/multipage/server-sent-events.html).

An event's id is where its stream goes on: when it began, and the positions behind the event on `youtube.videos`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import orjson

from event_log import EventLog, Positions
from query_api.answers import item
from query_api.follower import Follower, Match, current_request
from query_api.following import Following
from query_api.parameters import search_request
from query_api.problems import RETRY_AFTER_S, ProblemError
from query_api.slow_clients import SLOWEST_S
from schemas import VIDEOS, utc_now
from video_index import SearchRequest

T = TypeVar("T")

HEARTBEAT_S = 15.0
"""Between two signs of life; gateways cut connections that are quiet for a minute."""

_RETRY_MS = 3_000
_ROOM = 100
"""Events that wait for a client before it is offered no more for a while."""

REMEMBERED = timedelta(days=24)
"""A day before videos are refreshed, whose records then no longer tell that they were new."""

_CLOCKS_APART = timedelta(minutes=10)
"""At most, of services that answer under one name."""

_ID = re.compile(r"([0-9]{1,11}):((?:[0-9]{1,4}=[0-9]{1,18})(?:,[0-9]{1,4}=[0-9]{1,18})*|)")


def event_id(began: datetime, positions: Positions) -> str:
    """The id of an event, as `1764012345:0=17,1=4`."""
    places = ",".join(f"{partition}={offset}" for (_, partition), offset in sorted(positions.items()))
    return f"{int(began.timestamp())}:{places}"


def parse_event_id(text: str) -> tuple[datetime, Positions]:
    """When the stream began, or `REMEMBERED` ago if that is later, and where it goes on.

    Raises ValueError for what was never an id.
    """
    found = _ID.fullmatch(text)
    if found is None:
        raise ValueError("not the id of an event")
    began = datetime.fromtimestamp(int(found[1]), UTC)
    now = utc_now()
    if began > now + _CLOCKS_APART:
        raise ValueError("of a stream that has not begun yet")
    began = min(max(began, now - REMEMBERED), now)
    places = (place.split("=") for place in found[2].split(",") if place)
    return began, {(VIDEOS.name, int(partition)): int(offset) for partition, offset in places}


class Listener(Follower):
    """A client of the event loop that it is made in; `given` are the filters of a search."""

    def __init__(self, given: Mapping[str, str], began: datetime, positions: Positions | None) -> None:
        super().__init__(began, positions)
        self._given = given
        # As of now: a range whose end moves along may have been empty when the stream began.
        self._question = search_request(given, utc_now()).question
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._id = b""

    def ready(self) -> bool:
        """See `Follower`."""
        return self._events.qsize() < _ROOM

    def request(self) -> SearchRequest | None:
        """See `Follower`."""
        return current_request(self._given)

    def offer(self, found: Match) -> None:
        """See `Follower`."""
        data = orjson.dumps(item(found.video.model_dump(mode="json"), self._question))
        text = b"event: video\nid: %s\ndata: %s\n\n" % (event_id(self.began, found.positions).encode(), data)
        self._in_loop(self._events.put_nowait, text)

    def reach(self, positions: Positions) -> None:
        """See `Follower`. Comes to the loop behind the events before it."""
        self._in_loop(self._reach, event_id(self.began, positions))

    async def events(self, heartbeat_s: float = HEARTBEAT_S) -> AsyncIterator[bytes]:
        """The events, and comments while there are none, each of which moves the place to go on from."""
        yield b"retry: %d\n\n" % _RETRY_MS
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), heartbeat_s)
            except TimeoutError:
                if self._events.empty():
                    yield b": still here\n" + self._id + b"\n"
                continue
            if event is None:
                return
            yield event

    def end(self) -> None:
        """Ends `events` behind what waits there. To be called in the loop."""
        self._events.put_nowait(None)

    def _reach(self, place: str) -> None:
        is_first, self._id = not self._id, f"id: {place}\n".encode()
        if is_first:
            self._events.put_nowait(self._id + b"\n")

    def _in_loop(self, call: Callable[[T], None], argument: T) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(call, argument)


class Streams:
    """The clients, no more than `most` of them, and the one reader of the log that they share.

    `slowest_s` is how long a client may take for an event, once what lies between here and there is full.
    """

    def __init__(self, log: EventLog, most: int, slowest_s: float = SLOWEST_S) -> None:
        self.slowest_s = slowest_s
        self._following = Following(log, "streams")
        self._most = most
        self._open: set[Listener] = set()
        self._ended = False

    def end(self) -> None:
        """Ends the answers to all clients, who may go on elsewhere, and lets nobody in any more."""
        if not self._ended:
            self._ended = True
            for listener in self._open:
                listener.end()

    def close(self) -> None:
        """Reads no more."""
        self._following.close()

    def open(self, listener: Listener) -> None:
        """Lets a client in. Raises ProblemError when there are too many, or the service ends."""
        if self._ended:
            raise ProblemError(503, "the service ends: try again later", headers={"Retry-After": RETRY_AFTER_S})
        if len(self._open) >= self._most:
            detail = f"{self._most} clients listen already, which STREAM_CLIENTS allows: try again later"
            raise ProblemError(503, detail, headers={"Retry-After": RETRY_AFTER_S})
        self._open.add(listener)
        self._following.add(listener)

    def leave(self, listener: Listener) -> None:
        """A client that was let in is gone."""
        self._open.discard(listener)
        self._following.remove(listener)
