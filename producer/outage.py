"""How long to wait while something is away, and how to say so once rather than every second."""

from collections.abc import Callable

from observability import event_logger
from waiting import Backoff

logs = event_logger("producer")

_FIRST_S = 1.0


class Outage:
    """Counts the failures in a row of one thing that the producer needs, called `name` in the log.

    `jitter` gives 0 to 1: the pause is that part of a bound which doubles from one second (full jitter).
    """

    def __init__(self, name: str, jitter: Callable[[], float]) -> None:
        self._name = name
        self._jitter = jitter
        self._failures = 0

    def failed(self, error: Exception, longest_s: float) -> float:
        """Notes a failure and gives the seconds to wait before the next attempt, at most `longest_s`."""
        if not self._failures:
            logs.warning(f"{self._name}_away", reason=error, retry="with growing pauses")
        bound = self.next_bound_s(longest_s)
        self._failures += 1
        return bound * self._jitter()

    def next_bound_s(self, longest_s: float) -> float:
        """The most that `failed` may give next."""
        return Backoff(_FIRST_S, longest_s).pause_s(self._failures)

    def over(self) -> None:
        """Notes a success."""
        if self._failures:
            logs.info(f"{self._name}_back", attempts_failed=self._failures)
        self._failures = 0
