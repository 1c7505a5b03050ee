"""What the engines hold before the first record."""

import time
from collections.abc import Callable, Sequence

from elasticsearch import TransportError

from event_log import EventLog, LogUnavailableError
from observability import event_logger
from schemas import ALL_TOPICS
from video_index import IndexOutdatedError, IndexUnavailableError, VideoIndex
from waiting import Patience

logs = event_logger("provisioning")


def prepare_engines(
    log: EventLog,
    index: VideoIndex,
    patience: Patience,
    *,
    first: Sequence[Callable[[], object]] = (),
    wait_s: float = 120.0,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Does what is to be done `first`, and makes the topics, the index template and the index behind its alias.

    All of it may be repeated. Raises what the steps raise: at once what waiting does not mend, and after `wait_s`
    seconds that an engine does not answer (LogUnavailableError, IndexUnavailableError, TransportError); and
    StoppedError.
    """
    end = clock() + wait_s
    for attempt in patience.attempts():
        try:
            for step in first:
                step()
            log.create_topics(ALL_TOPICS)
            _prepare_index(index)
        except (LogUnavailableError, IndexUnavailableError, TransportError) as error:
            if clock() >= end:
                raise
            logs.warning("waiting", attempt=attempt, reason=error)
        else:
            logs.info("prepared", topics=len(ALL_TOPICS))
            return


def _prepare_index(index: VideoIndex) -> None:
    """An older index stays as it is: it is searched, and processors hold until it was replaced."""
    try:
        index.ensure()
    except IndexOutdatedError as error:
        logs.warning("index_outdated", reason=error)
