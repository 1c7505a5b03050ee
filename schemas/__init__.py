"""The contracts the services share: events, documents, topics, the index mapping, common settings.

Nothing here does I/O. Every value that crosses from one room to another is a frozen model from this package.
"""

from schemas.alerts import Alert, AlertProgress
from schemas.control import ApiKey, KeyHealth, Subject, SubjectError, Unfollowed, check_channel, subject_id
from schemas.dead_letter import DeadLetter
from schemas.poll_state import ChannelProgress, ProjectQuota, Rhythm, SubjectProgress, Window
from schemas.raw import LookupContext, LookupKind, RawContext, SearchItem
from schemas.status import BackfillStatus, ProducerStatus, ProjectStatus, SubjectStatus, YouTubeAway
from schemas.text import CONTROL_CHARACTER
from schemas.times import UtcSecond, format_utc, parse_utc, utc_now
from schemas.topics import ALERTS, ALL_TOPICS, CONTROL, DEAD_LETTERS, LOOKUPS, POLL_STATE, RAW, VIDEOS, Topic
from schemas.video import Video, VideoDetails

__all__ = [
    "ALERTS",
    "ALL_TOPICS",
    "CONTROL",
    "CONTROL_CHARACTER",
    "DEAD_LETTERS",
    "LOOKUPS",
    "POLL_STATE",
    "RAW",
    "VIDEOS",
    "Alert",
    "AlertProgress",
    "ApiKey",
    "BackfillStatus",
    "ChannelProgress",
    "DeadLetter",
    "KeyHealth",
    "LookupContext",
    "LookupKind",
    "ProducerStatus",
    "ProjectQuota",
    "ProjectStatus",
    "RawContext",
    "Rhythm",
    "SearchItem",
    "Subject",
    "SubjectError",
    "SubjectProgress",
    "SubjectStatus",
    "Topic",
    "Unfollowed",
    "UtcSecond",
    "Video",
    "VideoDetails",
    "Window",
    "YouTubeAway",
    "check_channel",
    "format_utc",
    "parse_utc",
    "subject_id",
    "utc_now",
]
