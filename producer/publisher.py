"""Puts raw results on the log, and gives up none that the log could take."""

from collections.abc import Sequence

from event_log import EventLog, LogUnavailableError, NewRecord, RecordRejectedError
from observability import event_logger
from producer.clock import Clock
from producer.errors import StoppedError
from producer.outage import Outage
from schemas import LOOKUPS, RAW

logs = event_logger("producer")

LONGEST_LOG_PAUSE_S = 5.0
"""Between two attempts while the log is away."""


class Publisher:
    """Appends to the raw topics. `outage` is the log's."""

    def __init__(self, log: EventLog, clock: Clock, outage: Outage) -> None:
        self._log = log
        self._clock = clock
        self._outage = outage

    def publish(self, records: Sequence[NewRecord]) -> None:
        """Appends; durable when it returns. A record that the log will never take is left out and named in a line.

        While the log is away the same records are offered again: they were paid for with a search. Raises
        StoppedError, and LogUnavailableError when the topic is gone and cannot be made.
        """
        try:
            self._append(records)
        except RecordRejectedError:
            self._log.create_topics(
                [RAW, LOOKUPS]
            )  # so that it is the record that is refused, not a topic that is gone
            for record in records:
                self._append_or_leave_out(record)

    def _append_or_leave_out(self, record: NewRecord) -> None:
        try:
            self._append([record])
        except RecordRejectedError as error:
            logs.error("result_rejected", video=record.key, bytes=len(record.value or b""), reason=error)

    def _append(self, records: Sequence[NewRecord]) -> None:
        while True:
            try:
                self._log.append(records)
            except LogUnavailableError as error:
                if self._clock.wait(self._outage.failed(error, LONGEST_LOG_PAUSE_S)):
                    raise StoppedError from error
            else:
                return self._outage.over()
