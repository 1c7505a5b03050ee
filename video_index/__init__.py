"""Where documents live: one interface, Elasticsearch and an embedded tantivy index behind it."""

from video_index.errors import (
    IndexAccessError,
    IndexSetupError,
    IndexUnavailableError,
    QuestionError,
    VideoIndexError,
)
from video_index.highlight import highlights
from video_index.interface import (
    Delete,
    Freshness,
    Outcome,
    SearchAnswer,
    SearchRequest,
    Sort,
    Stored,
    VideoIndex,
    Write,
    WriteResult,
)
from video_index.open import open_index
from video_index.question import Question, parse_question

__all__ = [
    "Delete",
    "Freshness",
    "IndexAccessError",
    "IndexSetupError",
    "IndexUnavailableError",
    "Outcome",
    "Question",
    "QuestionError",
    "SearchAnswer",
    "SearchRequest",
    "Sort",
    "Stored",
    "VideoIndex",
    "VideoIndexError",
    "Write",
    "WriteResult",
    "highlights",
    "open_index",
    "parse_question",
]
