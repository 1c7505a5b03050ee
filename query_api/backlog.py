"""How far the processor is behind, and what it gave up."""

from collections.abc import Mapping
from dataclasses import dataclass

from event_log import EventLog, LogUnavailableError
from schemas import DEAD_LETTERS, LOOKUPS, RAW
from schemas.groups import PROCESSOR_GROUP


@dataclass(frozen=True, slots=True)
class Backlog:
    """Records that wait for the processor, by topic and partition, and the dead letters that are kept."""

    waiting: Mapping[tuple[str, int], int]
    dead_letters: int


def read_backlog(log: EventLog) -> Backlog | None:
    """What there is now, or None while that cannot be read; then it takes seconds."""
    try:
        waiting = log.count([RAW.name, LOOKUPS.name], not_committed_by=PROCESSOR_GROUP)
        return Backlog(waiting, sum(log.count([DEAD_LETTERS.name]).values()))
    except LogUnavailableError:
        return None
