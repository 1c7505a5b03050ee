"""How long to wait before trying again: exponential back-off with full jitter, which a stop interrupts."""

import random
from collections.abc import Callable, Iterator
from threading import Event

from waiting.backoff import Backoff


class StoppedError(Exception):
    """The service was asked to stop while it waited; nothing of the work at hand counts as done."""


class Patience:
    """Waits between attempts, longer each time. `stop` ends a wait at once and raises StoppedError.

    `wait` and `jitter` are the seams for tests: the seconds waited are `jitter()` (0 to 1) of the bound, which
    doubles from `first_s` up to `longest_s`.
    """

    def __init__(
        self,
        stop: Event,
        *,
        first_s: float = 0.1,
        longest_s: float = 10.0,
        wait: Callable[[float], bool] | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._wait = wait or stop.wait
        self._stop = stop
        self._backoff = Backoff(first_s, longest_s)
        self._jitter = jitter

    @property
    def stopped(self) -> bool:
        """Whether the service was asked to stop."""
        return self._stop.is_set()

    def rest(self, seconds: float) -> None:
        """Waits once. Raises StoppedError."""
        if self._stop.is_set() or self._wait(seconds):
            raise StoppedError

    def attempts(self) -> Iterator[int]:
        """Counts attempts from 1, for ever, and waits before each but the first. Raises StoppedError."""
        attempt = 0
        while True:
            if self._stop.is_set():
                raise StoppedError
            attempt += 1
            yield attempt
            if self._wait(self._backoff.pause_s(attempt - 1) * self._jitter()):
                raise StoppedError
