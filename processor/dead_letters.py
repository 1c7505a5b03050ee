"""Gives records up that can never be processed: appends them to the dead letters with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from event_log import EventLog, NewRecord, Record, RecordRejectedError
from observability import event_logger
from processor.reading import Unusable
from schemas import DEAD_LETTERS, DeadLetter

logs = event_logger("processor")

_LONGEST_REASON = 1_000
"""Characters: an engine's reason may quote the whole document."""


class DeadLetters:
    """The topic of dead letters. `clock` tells when a record failed."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock

    def bury(self, given_up: Sequence[Unusable]) -> None:
        """Appends dead letters; of one that is larger than the log takes, all but the source's value.

        Raises LogUnavailableError.
        """
        letters = [self._letter(each.record, each.reason) for each in given_up]
        try:
            self._log.append(letters)
        except RecordRejectedError:
            for letter in letters:
                self._bury_one(letter)

    def _bury_one(self, letter: NewRecord) -> None:
        try:
            self._log.append([letter])
        except RecordRejectedError as error:
            logs.warning("dead_letter_without_value", key=letter.key, reason=error)
            self._log.append([replace(letter, value=None)])

    def _letter(self, record: Record, reason: str) -> NewRecord:
        logs.warning(
            "dead_letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason
        )
        letter = DeadLetter(
            reason=reason[:_LONGEST_REASON],
            source_topic=record.topic,
            source_partition=record.partition,
            source_offset=record.offset,
            failed_at=self._clock(),
        )
        return NewRecord(DEAD_LETTERS.name, record.key, record.value, letter.to_headers())
