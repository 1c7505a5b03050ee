"""Decides how long to wait before a part that died is started again."""

from dataclasses import dataclass

_QUICK_S = 10.0
_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 30.0
_HOPELESS_AFTER = 5


@dataclass(frozen=True, slots=True)
class Restarts:
    """How often a part died, in all and soon after its start in a row."""

    total: int = 0
    quick: int = 0

    def after(self, lived_s: float) -> "Restarts":
        """The count after another death, `lived_s` seconds after the start."""
        return Restarts(self.total + 1, self.quick + 1 if lived_s < _QUICK_S else 1)

    def after_refusal(self) -> "Restarts":
        """The count after a death that is sure to come again, because the part refuses its settings."""
        return Restarts(self.total + 1, max(self.quick + 1, _HOPELESS_AFTER))

    @property
    def delay_s(self) -> float:
        """Seconds until the next start: next to none at first, doubling with every quick death up to 30."""
        return float(min(_FIRST_DELAY_S * 2 ** max(self.quick - 1, 0), _LONGEST_DELAY_S))

    @property
    def hopeless(self) -> bool:
        """Whether a person should look: it died five times in a row within 10 s of its start, or refused it."""
        return self.quick >= _HOPELESS_AFTER
