"""Follows `youtube.videos` for those who wait for new matches of a search: two readers for all of them.

    youtube.videos ─┬► live reader ─► new videos ─► Matcher ─┬► follower (its search, its positions) ─► offer
                    │                                        └► follower ...
                    └► reader of those further back, in turns ─► Matcher ─► follower ...

Each follower has positions of its own, and is told only of what lies behind them. The live reader never goes back and
waits for nobody. One that begins further back, or had no room for a while, is caught up in turns with the others that
are, until it is where the live reader is. So nothing is kept for a slow follower, and none holds up another.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from threading import Event, Lock, Thread

from event_log import EventLog, LogUnavailableError, Reader
from observability import event_logger
from query_api.catching_up import CatchingUp
from query_api.dispatch import AT_ONCE, changes, tell
from query_api.follower import Follower
from schemas import VIDEOS

logs = event_logger("query_api")

_WAIT_S = 0.1
_PAUSE_S = 1.0


class Following:
    """The readers and their thread, which works while somebody follows. Threads may share it."""

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
            readers: tuple[Reader, CatchingUp] | None = None
            while followers := self._current():
                try:
                    if readers is None:
                        readers = self._open(opened)
                    _step(*readers, followers)
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

    def _open(self, opened: ExitStack) -> tuple[Reader, CatchingUp]:
        with ExitStack() as opening:
            live, other = (opening.enter_context(closing(self._log.reader([VIDEOS.name]))) for _ in range(2))
            live.seek(live.ends())
            opened.enter_context(opening.pop_all())
        return live, CatchingUp(other)


def _step(live: Reader, catching_up: CatchingUp, followers: Sequence[Follower]) -> None:
    for follower in followers:
        if not follower.takes_part:
            follower.take_part(live.ends())
    ready = [follower for follower in followers if follower.ready()]
    start = live.positions()
    behind = [follower for follower in ready if not follower.has_reached(start)]
    # It goes on also while nobody has room: who is told later is caught up.
    records = live.poll(AT_ONCE, 0 if behind else _WAIT_S)
    along = [follower for follower in ready if follower not in behind]
    if along:
        tell(along, changes(records), live.positions())
    if behind:
        catching_up.step(behind)
