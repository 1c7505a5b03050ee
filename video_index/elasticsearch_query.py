"""A search in Elasticsearch's query DSL."""

from datetime import datetime
from typing import Any

from schemas import format_utc
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
from video_index.interface import UNKNOWN_VIEWS
from video_index.plan import Plan

Json = dict[str, Any]

_EXPANSIONS = 1_000
"""Words that a misspelt one may stand for; Elasticsearch takes 50 of them when nothing is said."""


def search_body(asked: Plan) -> Json:
    """`query` and `sort` of a search."""
    matches = translate(asked.matches)
    by_date = {"derived.sort_key": "desc" if asked.newest_first else "asc"}
    if asked.tiers:
        should = [{"dis_max": {"queries": _scores(asked.tiers)}}]
        return {"query": {"bool": {"filter": [matches], "should": should}}, "sort": [{"_score": "desc"}, by_date]}
    by_views = {"details.view_count": {"order": "desc", "missing": UNKNOWN_VIEWS}}
    return {"query": {"bool": {"filter": [matches]}}, "sort": [by_views, by_date] if asked.by_views else [by_date]}


def translate(clause: Clause) -> Json:
    """A clause as a query."""
    match clause:
        case Phrase() | WholeWord() | Prefix() | Fuzzy():
            return _translate_text(clause)
        case FieldValue(field, value):
            return {"term": {field: value}}
        case PublishedBetween(after, before):
            return _range("published_at", after, before)
        case DurationBetween(least_s, most_s):
            return _range("details.duration_s", least_s, most_s)
        case AllOf(()):
            return {"match_all": {}}
        case AllOf(clauses):
            return {"bool": {"filter": [translate(each) for each in clauses]}}
        case AnyOf(clauses):
            return {"bool": {"should": [translate(each) for each in clauses], "minimum_should_match": 1}}
        case Not(inner):
            return {"bool": {"must_not": [translate(inner)]}}


def _translate_text(clause: TextClause) -> Json:
    match clause:
        case Phrase(field, (stem,)):
            return {"term": {f"derived.{field}": stem}}
        case Phrase(field, stems):
            return {"match_phrase": {f"derived.{field}": {"query": " ".join(stems), "analyzer": "whitespace"}}}
        case WholeWord(field, text):
            return {"term": {f"derived.{field}": text}}
        case Prefix(field, text):
            return {"prefix": {f"derived.{field}": text}}
        case Fuzzy(text, edits):
            return {"fuzzy": {"derived.whole": {"value": text, "fuzziness": edits, "max_expansions": _EXPANSIONS}}}


def _range(field: str, low: datetime | int | None, high: datetime | int | None) -> Json:
    ends = {"gte": low, "lte": high}
    return {"range": {field: {name: _end(end) for name, end in ends.items() if end is not None}}}


def _end(end: datetime | int) -> str | int:
    return format_utc(end) if isinstance(end, datetime) else end


def _scores(tiers: tuple[Clause, ...]) -> list[Json]:
    """What gives each tier its number, counted from the last."""
    return [
        {"constant_score": {"filter": translate(tier), "boost": float(number)}}
        for number, tier in zip(range(len(tiers), 0, -1), tiers, strict=True)
    ]
