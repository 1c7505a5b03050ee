"""One operation at a time on a log: whoever reindexes, backs up or restores owns that work."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from event_log import EventLog, Ownership
from operations.errors import BusyError
from schemas.index import REINDEXING

_WITHIN_S = 30.0
"""Longer than the log takes to notice that an operation was killed."""

_LOOK_EVERY_S = 0.1


@contextmanager
def claimed(log: EventLog, within_s: float = _WITHIN_S) -> Iterator[Ownership]:
    """Around an operation. Raises BusyError when another one has the work for so long."""
    with closing(log.own(REINDEXING)) as claim:
        deadline = time.monotonic() + within_s
        while not claim.is_held():
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"another reindex, backup or restore has been under way for {within_s:.0f} s: wait until it ends"
                )
            time.sleep(_LOOK_EVERY_S)
        yield claim
