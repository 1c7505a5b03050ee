"""How long a webhook is tried."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from waiting import Backoff


@dataclass(frozen=True, slots=True)
class Retry:
    """How long attempts go on, in seconds: pauses that may double each time, and the end a day after the match."""

    first_s: float = 1.0
    longest_s: float = 3_600.0
    give_up_after_s: float = 86_400.0
    least_attempts: int = 5
    jitter: Callable[[], float] = random.random

    def pause_s(self, attempts: int) -> float:
        """The pause after so many attempts."""
        return Backoff(self.first_s, self.longest_s).pause_s(attempts - 1) * self.jitter()

    def is_over(self, attempts: int, age_s: float) -> bool:
        """Whether a match so old, tried so often since the service started, is given up."""
        return attempts >= self.least_attempts and age_s >= self.give_up_after_s
