"""Follows `youtube.videos` for those who wait for new matches of a search: one reader for all of them.

    youtube.videos ─► reader ─► new videos ─► Matcher ─┬► follower (its search, its positions) ─► offer
                        ▲                              └► follower ...
                        └── back to the least position of those that are ready

Each follower has positions of its own, and is told only of what lies behind them. One that begins further back, or
had no room for a while, makes the reader go back; the others are not told again. So nothing is kept for a slow
follower, and it holds up nobody.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from threading import Event, Lock, Thread

from event_log import EventLog, LogUnavailableError, Positions, Reader, Record
from observability import event_logger
from query_api.follower import Follower, highest, lowest
from schemas import VIDEOS, Video
from video_index.matching import Matcher

logs = event_logger("query_api")

_AT_ONCE = 200
"""Records; a follower with room may be offered so many."""

_WAIT_S = 0.5
_NO_ROOM_S = 0.1
_PAUSE_S = 1.0


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
