"""What an engine can be asked, as a small tree of clauses that each engine translates word for word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from video_index.question import TextField

WholeField: TypeAlias = Literal["whole_title", "whole_channel", "whole"]
"""The same places as those of `TextField`, with the words before stemming."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """These stems next to each other in a field."""

    field: TextField
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WholeWord:
    """This word, not stemmed."""

    field: WholeField
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    field: WholeField
    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word anywhere that so many edits make `text`: a letter put in, left out, replaced, or two exchanged."""

    text: str
    edits: Literal[1, 2]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A document whose field of this name is, or holds, this value."""

    field: Literal["subjects", "channel_id", "live_broadcast_content"]
    value: str


@dataclass(frozen=True, slots=True)
class PublishedBetween:
    """Published in this span; both ends included, None leaves that end open."""

    after: datetime | None
    before: datetime | None


@dataclass(frozen=True, slots=True)
class DurationBetween:
    """Of a length in this span of seconds; both ends included, None leaves that end open."""

    least_s: int | None
    most_s: int | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every clause holds; without one, every document."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the clauses holds."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The clause does not hold."""

    clause: "Clause"


TextClause: TypeAlias = Phrase | WholeWord | Prefix | Fuzzy
Clause: TypeAlias = TextClause | FieldValue | PublishedBetween | DurationBetween | AllOf | AnyOf | Not

EVERYTHING = AllOf(())
"""Every document."""
