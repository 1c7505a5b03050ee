"""The topics, and how long each keeps its records. Kafka and the embedded log create the same ones."""

from dataclasses import dataclass
from datetime import timedelta

RETENTION = timedelta(days=28)
"""YouTube's developer policies (III.E.4.b) allow 30 days; two are left for clean-up to run late."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its settings.

    `partitions` counts on Kafka only; the embedded log keeps one. `retention` is None for a compacted topic,
    which keeps the newest record of every key: the one before is gone within two days after it was superseded, on
    Kafka if the partition is still written to, and a tombstone within two days more.
    """

    name: str
    partitions: int
    retention: timedelta | None

    @property
    def compacted(self) -> bool:
        """Whether the newest record of every key is kept for ever."""
        return self.retention is None


RAW = Topic("youtube.search.raw", partitions=6, retention=RETENTION)
"""Key: video id. Value: the search item exactly as YouTube sent it. Headers: `RawContext`."""

LOOKUPS = Topic("youtube.lookup.raw", partitions=6, retention=RETENTION)
"""Key: video id. Value: an item of `videos.list` or `playlistItems.list` exactly as YouTube sent it, or none for a
video that is gone. Headers: `LookupContext`."""

VIDEOS = Topic("youtube.videos", partitions=6, retention=None)
"""Key: video id. Value: `Video` after a change; a tombstone when the video is removed.

Every refresh is a change, so no record here is older than the document in the index is allowed to be, plus what
compaction takes."""

DEAD_LETTERS = Topic("youtube.dead-letters", partitions=1, retention=RETENTION)
"""Key: the source record's, or `alert/<id>` for what a webhook did not take. Value: the source record's, untouched.
Headers: `DeadLetter`."""

CONTROL = Topic("youtube.control", partitions=1, retention=None)
"""Key: `subject/<id>`, `api-key/<id>` or `unfollowed/<id>`. Value: `Subject`, `ApiKey` or `Unfollowed`; a tombstone
when it is removed."""

POLL_STATE = Topic("youtube.poll-state", partitions=1, retention=None)
"""Key: `subject/<id>`, `channel/<id>`, `project/<id>`, `api-key/<id>` or `status/producer`.
Value: `SubjectProgress`, `ChannelProgress`, `ProjectQuota`, `KeyHealth`, `ProducerStatus`."""

ALERTS = Topic("youtube.alerts", partitions=1, retention=None)
"""Key: `alert/<id>` or `progress/<id>`. Value: `Alert`, `AlertProgress`; a tombstone when the alert is removed."""

ALL_TOPICS = (RAW, LOOKUPS, VIDEOS, DEAD_LETTERS, CONTROL, POLL_STATE, ALERTS)
