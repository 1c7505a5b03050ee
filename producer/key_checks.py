"""Checks keys that were added, or of which a check was asked for, with one cheap call each.

A check that does not reach YouTube costs nothing and is repeated soon, so that people hear of their key soon.
"""

from datetime import datetime, timedelta

from producer.caller import Caller
from producer.errors import NoCallLeftError, SearchError, UnavailableError
from producer.keys import is_unchecked
from producer.searcher import LONGEST_FREE_PAUSE_S
from producer.state import Control, Notebook
from producer.youtube import YouTubeClient
from schemas import ApiKey
from waiting import Backoff

_FIRST_PAUSE_S = 2.0
_FREE = Backoff(_FIRST_PAUSE_S, LONGEST_FREE_PAUSE_S)
_SENT = Backoff(_FIRST_PAUSE_S, 15 * 60.0)


class KeyChecks:
    """Remembers which keys could not be checked, so that they are tried again with growing pauses."""

    def __init__(self, client: YouTubeClient, caller: Caller, control: Control, notebook: Notebook) -> None:
        self._client = client
        self._caller = caller
        self._control = control
        self._notebook = notebook
        self._failures: dict[tuple[str, datetime], tuple[int, datetime]] = {}

    def work(self, now: datetime) -> bool:
        """Checks the key that waits for it longest, if one does; whether it did. Raises LogError."""
        waiting = [key for key in self._control.keys.values() if self._waits(key, now)]
        if not waiting:
            return False
        key = min(waiting, key=lambda key: key.asked_at)
        try:
            self._caller.check(key, self._client.check)
        except (SearchError, NoCallLeftError) as error:
            failures, _ = self._failures.get(_request(key), (0, now))
            backoff = _FREE if isinstance(error, UnavailableError) and not error.sent else _SENT
            self._failures[_request(key)] = (failures + 1, now + timedelta(seconds=backoff.pause_s(failures)))
        return True

    def next_at(self, now: datetime) -> datetime | None:
        """When a check that failed is tried again; None when none is to be."""
        keys = [key for key in self._control.keys.values() if self._is_unchecked(key)]
        failed = [self._failures[_request(key)] for key in keys if _request(key) in self._failures]
        return min((max(not_before, now) for _, not_before in failed), default=None)

    def _waits(self, key: ApiKey, now: datetime) -> bool:
        _, not_before = self._failures.get(_request(key), (0, now))
        return not_before <= now and self._is_unchecked(key)

    def _is_unchecked(self, key: ApiKey) -> bool:
        return is_unchecked(key, self._notebook.health.get(key.id))


def _request(key: ApiKey) -> tuple[str, datetime]:
    """A new request to check a key is tried at once, whatever became of the one before."""
    return key.id, key.asked_at
