"""The processor on the embedded log: a plain loop."""

from dataclasses import asdict
from threading import Event

from event_log import Consumer, EventLog, LogUnavailableError
from observability import event_logger
from processor.batch import BatchProcessor
from processor.preparing import prepare
from processor.reading import TOPICS
from schemas.groups import PROCESSOR_GROUP
from video_index import VideoIndex
from waiting import Patience, StoppedError

logs = event_logger("processor")

_BATCH = 500
_WAIT_S = 0.5


def run(log: EventLog, index: VideoIndex, stop: Event) -> None:
    """Processes records until `stop` is set. Commits a batch only when it is done."""
    patience = Patience(stop)
    try:
        prepare(log, index, patience)
        consumer = log.consumer(PROCESSOR_GROUP, [topic.name for topic in TOPICS])
        try:
            _consume(consumer, BatchProcessor(log, index, patience), patience)
        finally:
            consumer.close()
    except StoppedError:
        logs.info("stopped")


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
