"""Those who are further back than the live reader, in turns with a reader of their own, until they come to it."""

import time
from collections.abc import Sequence
from datetime import timedelta

from event_log import Reader
from query_api.dispatch import AT_ONCE, changes, tell
from query_api.follower import Follower

_TURN_S = 0.25
"""From the first records of a turn on: a seek costs a broker a fetch, so that single records would not pay."""

_NOTHING_S = 2.0
"""After which a turn ends of which nothing came."""

_CLOCKS_APART = timedelta(hours=1)
"""At most, of the machine that appends and this one."""

_WAIT_S = 0.1
"""The live reader waits for as long."""


class CatchingUp:
    """Reads on for whoever had the last turn longest ago; all who are no further back are told as well."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._whose: Follower | None = None
        self._until_s = 0.0

    def step(self, behind: Sequence[Follower]) -> None:
        """Tells these, which have room, of some more. Raises LogUnavailableError."""
        if self._whose not in behind or time.monotonic() >= self._until_s:
            self._begin_turn(min(behind, key=lambda follower: follower.last_turn_s))
        start = self._reader.positions()
        records = self._reader.poll(AT_ONCE, _WAIT_S)
        # Nothing that is new since a follower began was appended before it did.
        since = min(follower.began for follower in behind) - _CLOCKS_APART
        tell([each for each in behind if each.has_reached(start)], changes(records, since), self._reader.positions())
        if records:
            self._until_s = min(self._until_s, time.monotonic() + _TURN_S)

    def _begin_turn(self, follower: Follower) -> None:
        wanted = follower.positions or {}
        if wanted != self._reader.positions():
            self._reader.seek(wanted)
        follower.last_turn_s = time.monotonic()
        self._whose, self._until_s = follower, follower.last_turn_s + _NOTHING_S
