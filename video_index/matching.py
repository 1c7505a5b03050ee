"""Which of a few videos a search would find, without asking the index.

The clauses of the search are held against the words that an engine would be given: so a video can be told to those
who wait for it before it can be searched, and however many wait, the index is not asked at all.
"""

from collections.abc import Iterable

from schemas import Video
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
from video_index.document import Derived, derive
from video_index.interface import SearchRequest
from video_index.plan import plan


class Matcher:
    """Some videos, each with an id of its own."""

    def __init__(self, videos: Iterable[Video]) -> None:
        self._videos = [(video, derive(video)) for video in videos]

    def matches(self, request: SearchRequest) -> set[str]:
        """Ids of the videos that the search finds; its order and place play no part."""
        wanted = plan(request).matches
        return {video.video_id for video, derived in self._videos if _holds(wanted, video, derived)}


def _holds(clause: Clause, video: Video, derived: Derived) -> bool:
    match clause:
        case Phrase() | WholeWord() | Prefix() | Fuzzy():
            return _holds_text(clause, derived)
        case FieldValue("subjects", value):
            return value in video.subjects
        case FieldValue(field, value):
            return bool(getattr(video, field) == value)
        case PublishedBetween(after, before):
            return (after is None or after <= video.published_at) and (before is None or video.published_at <= before)
        case DurationBetween(least_s, most_s):
            length_s = video.details.duration_s if video.details is not None else None
            return length_s is not None and (least_s or 0) <= length_s and (most_s is None or length_s <= most_s)
        case AllOf(clauses):
            return all(_holds(each, video, derived) for each in clauses)
        case AnyOf(clauses):
            return any(_holds(each, video, derived) for each in clauses)
        case Not(inner):
            return not _holds(inner, video, derived)


def _holds_text(clause: TextClause, derived: Derived) -> bool:
    match clause:
        case Phrase(field, stems):
            return f" {' '.join(stems)} " in f" {getattr(derived, field)} "
        case WholeWord(field, text):
            return f" {text} " in f" {getattr(derived, field)} "
        case Prefix(field, text):
            return f" {text}" in f" {getattr(derived, field)}"
        case Fuzzy():
            raise TypeError("close words are asked for respelling, never by a search")
