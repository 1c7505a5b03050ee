"""What log and index hold before the first record."""

import time
from collections.abc import Callable

from event_log import EventLog, LogUnavailableError
from observability import event_logger
from processor.patience import Patience
from schemas import ALL_TOPICS
from video_index import IndexUnavailableError, VideoIndex

logs = event_logger("provisioning")


def prepare_engines(
    log: EventLog,
    index: VideoIndex,
    patience: Patience,
    *,
    wait_s: float = 120.0,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Makes the topics, the index template and the index behind its alias, where they are not there yet.

    Raises LogUnavailableError or IndexUnavailableError after `wait_s` seconds without an answer, at once what waiting
    does not mend, and StoppedError.
    """
    end = clock() + wait_s
    for attempt in patience.attempts():
        try:
            log.create_topics(ALL_TOPICS)
            index.ensure()
        except (LogUnavailableError, IndexUnavailableError) as error:
            if clock() >= end:
                raise
            logs.warning("waiting", attempt=attempt, reason=error)
        else:
            logs.info("prepared", topics=len(ALL_TOPICS))
            return
