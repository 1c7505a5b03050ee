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
def claimed(log: EventLog, within_s: float = _WITHIN_S, name: str = REINDEXING) -> Iterator[Ownership]:
    """Around an operation. Raises BusyError when another one, or who has that work, has it for so long, and
    LogUnavailableError."""
    # Says why where nobody would ever be given the work.
    log.check()
    with closing(log.own(name)) as claim:
        deadline = time.monotonic() + within_s
        while not claim.is_held():
            if time.monotonic() >= deadline:
                who = "another reindex, backup or restore" if name == REINDEXING else f"a {name}"
                raise BusyError(f"{who} has been at work for {within_s:.0f} s: stop it, or wait until it ends")
            time.sleep(_LOOK_EVERY_S)
        yield claim
