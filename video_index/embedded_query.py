"""The clauses of a search as queries of tantivy."""

from collections.abc import Iterator
from typing import Literal

from tantivy import FieldType, Occur, Query, Schema, Searcher

from video_index.clauses import (
    AllOf,
    AnyOf,
    Clause,
    DurationBetween,
    FieldValue,
    Fuzzy,
    Not,
    Phrase,
    Prefix,
    PublishedBetween,
    TextClause,
    WholeWord,
)
from video_index.document import first_sort_key, last_sort_key
from video_index.plan import Plan
from video_index.words import stems

NumberField = Literal["sort_key", "views", "duration_s"]

_LARGEST = 2**63 - 1

_FEW = 16
"""Words, measured: a list for each of more takes longer than all of them as a set."""


def translate(schema: Schema, clause: Clause) -> Query:
    """A clause as a tantivy query."""
    match clause:
        case Phrase() | WholeWord() | Prefix() | Fuzzy():
            return _translate_text(schema, clause)
        case FieldValue(field, value):
            return Query.term_query(schema, field, value, "basic")
        case PublishedBetween(after, before):
            low = None if after is None else first_sort_key(after)
            high = None if before is None else last_sort_key(before)
            return between(schema, "sort_key", low, high)
        case DurationBetween(least_s, most_s):
            return between(schema, "duration_s", least_s, most_s)
        case AllOf(clauses):
            # A query of exclusions alone needs something to exclude from.
            everything = (Occur.Must, Query.all_query())
            return Query.boolean_query([everything, *(_required(schema, each) for each in clauses)])
        case AnyOf(clauses):
            return Query.boolean_query([(Occur.Should, translate(schema, each)) for each in clauses])
        case Not(inner):
            return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, translate(schema, inner))])


def _translate_text(schema: Schema, clause: TextClause) -> Query:
    match clause:
        case Phrase(field, (stem,)):
            return Query.term_query(schema, field, stem, "basic")
        case Phrase(field, stems):
            return Query.phrase_query(schema, field, list(stems))
        case WholeWord(field, text):
            return Query.term_query(schema, field, text, "basic")
        case Prefix(field, text):
            # Without an edit, "fuzzy" is a beginning; a pattern takes longer to make than most searches.
            return Query.fuzzy_term_query(schema, field, text, 0, prefix=True)
        case Fuzzy(text, edits):
            return Query.fuzzy_term_query(schema, "whole", text, edits)


def spelt_out(searcher: Searcher, clause: Clause) -> Clause:
    """The clause with every beginning of a word replaced by the words of the index that begin so, if they are few.

    An automaton for a beginning, and the set of all that has it, take longer than most searches; for many words each
    of their lists takes longer still. A word that is found by its stem already is left out.
    """
    match clause:
        case AnyOf((Phrase(_, (stem,)) as found, Prefix(whole, text))):
            begun = searcher.terms_with_prefix(whole, text, limit=_FEW + 1)
            if len(begun) > _FEW:
                return clause
            others = [WholeWord(whole, word) for word, _ in begun if stems((word,)) != [stem]]
            return AnyOf((found, *others)) if others else found
        case AllOf(clauses):
            return AllOf(tuple(spelt_out(searcher, each) for each in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(spelt_out(searcher, each) for each in clauses))
        case _:
            return clause


def between(
    schema: Schema, field: NumberField, low: int | None, high: int | None, *, is_narrow: bool = False
) -> Query:
    """A number in this range; both ends included, None leaves that end open.

    A narrow one takes as long as it holds documents, any other as long as the index does.
    """
    low, high = (end if end is None else max(-_LARGEST, min(end, _LARGEST)) for end in (low, high))
    return Query.range_query(schema, field, FieldType.Integer, low, high, use_inverted_index=is_narrow)


def both(one: Query, other: Query) -> Query:
    """What meets two queries."""
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, other)])


def by_tier(schema: Schema, asked: Plan, matches: Query) -> Iterator[Query]:
    """Of `matches`, those of each tier that no better tier has, and at last those of none."""
    filters = (Occur.Must, translate(schema, asked.filters))
    better: list[tuple[Occur, Query]] = []
    for tier in asked.tiers:
        query = translate(schema, tier)
        yield Query.boolean_query([filters, (Occur.Must, query), *better])
        better.append((Occur.MustNot, query))
    yield Query.boolean_query([(Occur.Must, matches), *better])


def _required(schema: Schema, clause: Clause) -> tuple[Occur, Query]:
    if isinstance(clause, Not):
        return Occur.MustNot, translate(schema, clause.clause)
    return Occur.Must, translate(schema, clause)
