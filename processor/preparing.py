"""What is there before the first record is processed, on every log."""

from contextlib import suppress

from event_log import EventLog, LogUnavailableError
from observability import event_logger
from schemas import ALL_TOPICS, VIDEOS
from video_index import VideoIndex, VideoIndexError
from waiting import Patience

logs = event_logger("processor")


def prepare(log: EventLog, index: VideoIndex, patience: Patience) -> None:
    """Makes the topics and the index, waiting for log and index to come up. Raises StoppedError."""
    for attempt in patience.attempts():
        try:
            log.create_topics(ALL_TOPICS)
            index.ensure()
        except (LogUnavailableError, VideoIndexError) as error:
            logs.warning("waiting", attempt=attempt, reason=error)
        else:
            _look_for_loss(log, index)
            logs.info("ready")
            return


def _look_for_loss(log: EventLog, index: VideoIndex) -> None:
    """An index that was lost is made anew, and is empty: what it had is on the log, but nobody reads that again."""
    with suppress(LogUnavailableError, VideoIndexError):
        if index.freshness().videos == 0 and any(log.count([VIDEOS.name]).values()):
            logs.error("index_is_empty", reason=f"{VIDEOS.name} has videos", advice="make reindex")
