"""Pauses that grow with every failure in a row."""

from dataclasses import dataclass

_STOPS_GROWING_AFTER = 60


@dataclass(frozen=True, slots=True)
class Backoff:
    """In seconds: from `first_s` on, `factor` times as long after each failure, up to `longest_s`."""

    first_s: float
    longest_s: float
    factor: float = 2.0

    def pause_s(self, failures_before: int) -> float:
        """The pause after a failure that so many others went before."""
        # What grows further is beyond any longest pause, and in the end beyond what a float holds.
        return min(self.longest_s, self.first_s * self.factor ** min(failures_before, _STOPS_GROWING_AFTER))
