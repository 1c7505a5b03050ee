"""Takes away the block that a reindex left on the index when it was killed.

Whoever reindexes owns that work on the log, and blocks the index for the moment in which the new one takes its place.
A worker that meets the block claims the same work: it is given it only once the other is gone. A block that somebody
else set, as to split the index, is theirs to take away: writes wait for that.
"""

from contextlib import closing
from threading import Lock, Thread

from event_log import EventLog
from observability import event_logger
from schemas.index import REINDEXING
from video_index import VideoIndex, VideoIndexError
from waiting import Patience, StoppedError

logs = event_logger("processor")

_LOOK_EVERY_S = 1.0


class StrandedBlock:
    """Watches in a thread of its own, one at a time, for as long as the index is blocked."""

    def __init__(self, log: EventLog, index: VideoIndex, patience: Patience) -> None:
        self._log = log
        self._index = index
        self._patience = patience
        self._lock = Lock()
        self._thread: Thread | None = None

    def watch(self) -> None:
        """Returns at once."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._watch, name="stranded block", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        try:
            if not self._index.is_blocked():
                return
            with closing(self._log.own(REINDEXING)) as claim:
                while not claim.is_held():
                    if not self._index.is_blocked():
                        return
                    self._patience.rest(_LOOK_EVERY_S)
                if self._index.is_blocked():
                    self._index.unblock()
                    logs.warning("index_unblocked", reason="nobody reindexes any more", advice="make reindex again")
        except StoppedError:
            pass
        except VideoIndexError as error:
            # The next batch that is refused has it watched again.
            logs.warning("index_not_unblocked", reason=error)
