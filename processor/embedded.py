"""The processor on the embedded log: a plain loop."""

from contextlib import suppress
from dataclasses import asdict
from threading import Event

from event_log import Consumer, EventLog, LogUnavailableError
from observability import event_logger
from processor.batch import BatchProcessor
from processor.patience import Patience, StoppedError
from processor.reading import TOPICS
from schemas import ALL_TOPICS, VIDEOS
from video_index import VideoIndex, VideoIndexError

logs = event_logger("processor")

GROUP = "processor"
"""The consumer group, on every log."""

_BATCH = 500
_WAIT_S = 0.5


def run(log: EventLog, index: VideoIndex, stop: Event) -> None:
    """Processes records until `stop` is set. Commits a batch only when it is done."""
    patience = Patience(stop)
    try:
        prepare(log, index, patience)
        consumer = log.consumer(GROUP, [topic.name for topic in TOPICS])
        try:
            _consume(consumer, BatchProcessor(log, index, patience), patience)
        finally:
            consumer.close()
    except StoppedError:
        logs.info("stopped")


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


def _consume(consumer: Consumer, batches: BatchProcessor, patience: Patience) -> None:
    """Until the stop that `patience` reports by raising StoppedError."""
    while True:
        for attempt in patience.attempts():
            try:
                if attempt > 1:
                    consumer.rewind()
                _next_batch(consumer, batches)
                break
            except LogUnavailableError as error:
                # What was polled and not committed is read again.
                logs.warning("log_away", attempt=attempt, reason=error)


def _next_batch(consumer: Consumer, batches: BatchProcessor) -> None:
    records = consumer.poll(_BATCH, _WAIT_S)
    if not records:
        return
    report = batches.process(records)
    consumer.commit()
    logs.info("batch_done", **asdict(report))
