"""Where documents live: one interface, Elasticsearch and an embedded tantivy index behind it."""

from video_index.errors import (
    IndexAccessError,
    IndexSetupError,
    IndexUnavailableError,
    IntervalError,
    QuestionError,
    VideoIndexError,
)
from video_index.highlight import Highlighter
from video_index.interface import (
    Channels,
    Count,
    Delete,
    Facet,
    Freshness,
    Interval,
    Live,
    Outcome,
    Position,
    SearchAnswer,
    SearchRequest,
    Sort,
    Stored,
    Suggestions,
    Timeline,
    VideoIndex,
    Write,
    WriteResult,
)
from video_index.open import open_index
from video_index.question import Question, parse_question

__all__ = [
    "Channels",
    "Count",
    "Delete",
    "Facet",
    "Freshness",
    "Highlighter",
    "IndexAccessError",
    "IndexSetupError",
    "IndexUnavailableError",
    "Interval",
    "IntervalError",
    "Live",
    "Outcome",
    "Position",
    "Question",
    "QuestionError",
    "SearchAnswer",
    "SearchRequest",
    "Sort",
    "Stored",
    "Suggestions",
    "Timeline",
    "VideoIndex",
    "VideoIndexError",
    "Write",
    "WriteResult",
    "open_index",
    "parse_question",
]
