"""What a search asks of an engine, as a small tree of clauses that each engine translates word for word.

Relevance is where the words stand, then how new the video is: a title that holds the words next to each other
comes before a title that holds them all, that before title and channel together, and that before the rest.
Within each of these tiers the newest comes first. It is the same on every engine, does not shift while documents
arrive (a score by frequency would), and can be told to a user in one sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from video_index.interface import SearchRequest, Sort
from video_index.question import Question, Term

TextField: TypeAlias = Literal["title", "channel", "all"]
"""Fields of stems: the title's, the channel title's, and those of title, channel, description and tags."""


@dataclass(frozen=True, slots=True)
class Words:
    """These stems next to each other in a field."""

    field: TextField
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so, anywhere."""

    text: str


@dataclass(frozen=True, slots=True)
class Exactly:
    """A document whose `subjects` or `channel_id` holds this value."""

    field: Literal["subjects", "channel_id"]
    value: str


@dataclass(frozen=True, slots=True)
class Published:
    """Published in this span; both ends included, None leaves that end open."""

    after: datetime | None
    before: datetime | None


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


Clause: TypeAlias = Words | Prefix | Exactly | Published | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Plan:
    """What matches, and for an order by relevance the tiers, best first: a match belongs to the first that holds.

    A match of no tier comes after all of them. Without tiers, the order is by date alone.
    """

    matches: AllOf
    tiers: tuple[Clause, ...]
    newest_first: bool


def plan(request: SearchRequest) -> Plan:
    """The clauses that stand for a request."""
    question = request.question
    clauses: list[Clause] = []
    if request.published_after is not None or request.published_before is not None:
        clauses.append(Published(request.published_after, request.published_before))
    if request.subject is not None:
        clauses.append(Exactly("subjects", request.subject))
    if request.channel is not None:
        clauses.append(Exactly("channel_id", request.channel))
    if question is not None:
        clauses += [_anywhere(term) for term in question.wanted]
        clauses += [Not(Words("all", term.stems)) for term in question.excluded]
    by_relevance = request.sort is Sort.RELEVANCE and question is not None and bool(question.wanted)
    return Plan(
        matches=AllOf(tuple(clauses)),
        tiers=_tiers(question) if by_relevance and question is not None else (),
        newest_first=request.sort is not Sort.OLDEST,
    )


def _anywhere(term: Term) -> Clause:
    words = Words("all", term.stems)
    return words if term.prefix is None else AnyOf((words, Prefix(term.prefix)))


def _tiers(question: Question) -> tuple[Clause, ...]:
    wanted = question.wanted
    in_order = Words("title", tuple(stem for term in wanted for stem in term.stems))
    in_title = AllOf(tuple(Words("title", term.stems) for term in wanted))
    in_title_or_channel = AllOf(
        tuple(AnyOf((Words("title", term.stems), Words("channel", term.stems))) for term in wanted)
    )
    return _distinct((in_order, in_title, in_title_or_channel))


def _distinct(tiers: Sequence[Clause]) -> tuple[Clause, ...]:
    # With one word, "in order" and "all in the title" are the same question.
    same = isinstance(tiers[1], AllOf) and tiers[1].clauses == (tiers[0],)
    return tuple(tiers[1:] if same else tiers)
