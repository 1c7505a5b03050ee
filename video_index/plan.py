"""What a search asks of an engine: the clauses that a document has to meet, and its order.

Relevance is where the words stand, then how new the video is: a title that holds the words next to each other
comes before a title that holds them all, that before title and channel together, and that before the rest.
Within each of these tiers the newest comes first. It is the same on every engine, does not shift while documents
arrive (a score by frequency would), and can be told to a user in one sentence.
"""

from dataclasses import dataclass
from typing import Literal

from video_index.clauses import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Clause,
    DurationBetween,
    FieldValue,
    Not,
    Phrase,
    Prefix,
    PublishedBetween,
    WholeField,
)
from video_index.interface import SearchRequest, Sort
from video_index.question import Question, Term, TextField
from video_index.words import stems, words

_WHOLE: dict[TextField, WholeField] = {"title": "whole_title", "channel": "whole_channel", "all": "whole"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What matches, and its order.

    For an order by relevance the tiers, best first: a match belongs to the first that holds, and a match of none
    comes after all of them. What is of a tier and meets `filters` matches. `by_views` puts the most views first.
    Equals, and all without either, are by date.
    """

    matches: AllOf
    tiers: tuple[Clause, ...] = ()
    filters: AllOf = EVERYTHING
    by_views: bool = False
    newest_first: bool = True


def plan(request: SearchRequest) -> Plan:
    """The clauses that stand for a request."""
    question = request.question
    filters = _filters(request)
    if question is None:
        wanted: list[Clause] = []
    else:
        wanted = [_any_of([_anywhere(term) for term in group]) for group in question.wanted]
        filters += [Not(Phrase(term.field, term.stems)) for term in question.excluded]
    by_relevance = request.sort is Sort.RELEVANCE and question is not None and question.wanted
    return Plan(
        matches=AllOf((*filters, *wanted)),
        tiers=_tiers(question) if by_relevance and question is not None else (),
        filters=AllOf(tuple(filters)),
        by_views=request.sort is Sort.VIEWS,
        newest_first=request.sort is not Sort.OLDEST,
    )


def position_length(request: SearchRequest) -> int:
    """How many numbers say where a result of this search stands."""
    asked = plan(request)
    return 2 if asked.tiers or asked.by_views else 1


def beginning(text: str, field: Literal["title", "channel"]) -> AllOf | None:
    """A field that holds every word of `text`, the last one as a beginning too; None when there is no word."""
    folded = tuple(words(text))
    if not folded:
        return None
    terms = [Term((word,), tuple(stems((word,))), field) for word in folded]
    terms[-1] = Term(terms[-1].words, terms[-1].stems, field, unfinished=True)
    return AllOf(tuple(map(_anywhere, terms)))


def _filters(request: SearchRequest) -> list[Clause]:
    clauses: list[Clause] = []
    if request.published_after is not None or request.published_before is not None:
        clauses.append(PublishedBetween(request.published_after, request.published_before))
    if request.subject is not None:
        clauses.append(FieldValue("subjects", request.subject))
    if request.channel is not None:
        clauses.append(FieldValue("channel_id", request.channel))
    if request.live is not None:
        clauses.append(FieldValue("live_broadcast_content", request.live))
    if request.min_duration_s is not None or request.max_duration_s is not None:
        clauses.append(DurationBetween(request.min_duration_s, request.max_duration_s))
    return clauses


def _anywhere(term: Term) -> Clause:
    found = Phrase(term.field, term.stems)
    return AnyOf((found, Prefix(_WHOLE[term.field], term.words[0]))) if term.unfinished else found


def _tiers(question: Question) -> tuple[Clause, ...]:
    tiers = (_in_order(question), _each_in(question, ("title",)), _each_in(question, ("title", "channel")))
    # With one word, "in order" and "all in the title" are the same question.
    return tuple(dict.fromkeys(tier for tier in tiers if tier is not None))


def _in_order(question: Question) -> Clause | None:
    """All that is asked of the title next to each other there; None where there are alternatives or nothing is."""
    asked = [term for term in question.terms if term.field != "channel"]
    if not asked or any(len(group) > 1 for group in question.wanted):
        return None
    in_channel: list[Clause] = [Phrase("channel", term.stems) for term in question.terms if term.field == "channel"]
    in_order = Phrase("title", tuple(stem for term in asked for stem in term.stems))
    return _all_of([in_order, *in_channel])


def _each_in(question: Question, fields: tuple[TextField, ...]) -> Clause:
    """A term of each group in one of these fields; what is asked of one field stays there."""
    return _all_of([_any_of([_in(term, fields) for term in group]) for group in question.wanted])


def _in(term: Term, fields: tuple[TextField, ...]) -> Clause:
    return _any_of([Phrase(field, term.stems) for field in (fields if term.field == "all" else (term.field,))])


def _any_of(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses))


def _all_of(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else AllOf(tuple(clauses))
