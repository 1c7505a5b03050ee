"""The contracts the services share: events, documents, topics, the index mapping, common settings.

Nothing here does I/O. Every value that crosses from one room to another is a frozen model from this package.
"""

from schemas.control import ApiKey, KeyHealth, Subject, SubjectError, subject_id
from schemas.dead_letter import DeadLetter
from schemas.poll_state import ProjectQuota, SubjectProgress, Window
from schemas.raw import RawContext, SearchItem
from schemas.times import UtcSecond, format_utc, parse_utc, utc_now
from schemas.topics import ALL_TOPICS, CONTROL, DEAD_LETTERS, POLL_STATE, RAW, VIDEOS, Topic
from schemas.video import Video, VideoDetails

__all__ = [
    "ALL_TOPICS",
    "CONTROL",
    "DEAD_LETTERS",
    "POLL_STATE",
    "RAW",
    "VIDEOS",
    "ApiKey",
    "DeadLetter",
    "KeyHealth",
    "ProjectQuota",
    "RawContext",
    "SearchItem",
    "Subject",
    "SubjectError",
    "SubjectProgress",
    "Topic",
    "UtcSecond",
    "Video",
    "VideoDetails",
    "Window",
    "format_utc",
    "parse_utc",
    "subject_id",
    "utc_now",
]
