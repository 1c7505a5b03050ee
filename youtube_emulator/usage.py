"""What projects have used, in a form that a file can keep and a test can ask for."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

_STRICT = ConfigDict(extra="forbid")


@dataclass(slots=True)
class Counts:
    """Calls of a project: those that took a search or a unit, and those refused because there was none left."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    searches: int = 0
    units: int = 0
    refused: int = 0


@dataclass(slots=True)
class Usage:
    """Counts by project (`projects/<number>`): of the Pacific day `day`, and of all days."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    day: str = ""
    today: dict[str, Counts] = field(default_factory=dict)
    ever: dict[str, Counts] = field(default_factory=dict)

    def begin(self, day: str) -> None:
        """Forgets the day before."""
        self.day, self.today = day, {}

    def of(self, project: str) -> Counts:
        """Today's counts of a project."""
        return self.today.get(project) or Counts()

    def add(self, project: str, *, searches: int = 0, units: int = 0, refused: int = 0) -> None:
        """Counts what a project does."""
        for counts in (self.today.setdefault(project, Counts()), self.ever.setdefault(project, Counts())):
            counts.searches += searches
            counts.units += units
            counts.refused += refused

    def to_json(self) -> bytes:
        """As JSON: `{"day": "2026-03-01", "today": {"projects/1": {"searches": 1, ...}}, "ever": {...}}`."""
        return orjson.dumps(self)

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """What `to_json` gave. Raises ValueError for anything else."""
        try:
            return TypeAdapter(cls).validate_json(text, strict=True)
        except ValidationError as error:
            raise ValueError(f"{error.error_count()} of its values are not what this program writes") from None
