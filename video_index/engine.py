"""What every engine can do, for `searching.py` to make answers of."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from video_index.clauses import Clause
from video_index.interface import Position
from video_index.plan import Plan


@dataclass(frozen=True, slots=True)
class Hits:
    """Documents with their positions, and how many match in all if that was asked for."""

    hits: tuple[tuple[Position, dict[str, Any]], ...]
    total: int = 0


class Engine(ABC):
    """Pages, counts and aggregations. Methods raise IndexUnavailableError while the engine is away."""

    @abstractmethod
    def page(self, asked: Plan, after: Position | None, offset: int, limit: int, *, counted: bool) -> Hits:
        """Up to `limit` documents in order, from `offset` on or else behind the position `after`."""

    @abstractmethod
    def count(self, clause: Clause) -> int:
        """How many documents meet a clause."""

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many documents meet each of these clauses."""
        return [self.count(clause) for clause in clauses]

    @abstractmethod
    def aggregate(self, clause: Clause, aggregations: Mapping[str, Any]) -> Mapping[str, Any]:
        """Aggregations over what meets a clause, asked and answered as Elasticsearch has them.

        `published_at` can be asked for with `date_histogram`, whose keys are in milliseconds, `subjects` and
        `channel_id` with `terms`.
        """

    @abstractmethod
    def channel_titles(self, channel_ids: Sequence[str]) -> Mapping[str, str]:
        """The titles of these channels, as the newest video of each has it."""
