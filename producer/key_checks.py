"""Checks keys that were added, or of which a check was asked for, with one cheap call each."""

from datetime import datetime, timedelta

from producer.caller import Caller
from producer.errors import NoCallLeftError, SearchError
from producer.keys import is_unchecked
from producer.state import Notebook, Wishes
from producer.youtube import YouTubeClient
from schemas import ApiKey

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)


class KeyChecks:
    """Remembers which keys could not be checked, so that they are tried again with growing pauses."""

    def __init__(self, client: YouTubeClient, caller: Caller, wishes: Wishes, notebook: Notebook) -> None:
        self._client = client
        self._caller = caller
        self._wishes = wishes
        self._notebook = notebook
        self._failures: dict[tuple[str, datetime], tuple[int, datetime]] = {}

    def work(self, now: datetime) -> bool:
        """Checks the key that waits for it longest, if one does; whether it did. Raises LogError."""
        waiting = [key for key in self._wishes.keys.values() if self._waits(key, now)]
        if not waiting:
            return False
        key = min(waiting, key=lambda key: key.asked_at)
        try:
            self._caller.check(key, self._client.check)
        except (SearchError, NoCallLeftError):
            failures, _ = self._failures.get(_request(key), (0, now))
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(failures, 10)))
            self._failures[_request(key)] = (failures + 1, now + pause)
        return True

    def _waits(self, key: ApiKey, now: datetime) -> bool:
        if not is_unchecked(key, self._notebook.health.get(key.id)):
            return False
        _, not_before = self._failures.get(_request(key), (0, now))
        return not_before <= now


def _request(key: ApiKey) -> tuple[str, datetime]:
    """A new request to check a key is tried at once, whatever became of the one before."""
    return key.id, key.asked_at
