"""Tells people of the producer's work: writes its status to the poll state, not more often than it is worth."""

import os
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from event_log import RecordRejectedError
from observability import event_logger
from producer.caller import Caller
from producer.channels import by_subject
from producer.clock import has_passed
from producer.key_checks import KeyChecks
from producer.polling import Polling
from producer.quota import Bucket, Limits
from producer.reach import Reach
from producer.report import Forecast, producer_status, project_status, subject_status, youtube_away
from producer.state import Control, Notebook
from producer.units import Units
from schemas import ProducerStatus, Subject, SubjectStatus

logs = event_logger("producer")

_AT_MOST_EVERY = timedelta(seconds=5)
_PER_SUBJECT = timedelta(milliseconds=10)
"""Each takes time to plan and some 370 bytes of the log: what is told of many is told more rarely."""

_AT_LEAST_EVERY = timedelta(seconds=30)
"""So that a producer that has nothing to tell is known to live."""


def pause(subjects: int) -> timedelta:
    """The least time between two statuses of so many subjects."""
    return min(max(_AT_MOST_EVERY, subjects * _PER_SUBJECT), _AT_LEAST_EVERY)


class StatusWriter:
    """Remembers what was told last. `instance` names this producer among several.

    It tells of the work of `polling`, `units` and `key_checks`, and of whether YouTube is in `reach`.
    """

    def __init__(
        self,
        control: Control,
        notebook: Notebook,
        caller: Caller,
        limits: Limits,
        *,
        polling: Polling,
        units: Units,
        key_checks: KeyChecks,
        reach: Reach,
    ) -> None:
        self._polling = polling
        self._units = units
        self._key_checks = key_checks
        self._reach = reach
        self._control = control
        self._notebook = notebook
        self._caller = caller
        self._limits = limits
        self._told: ProducerStatus | None = None
        self._tried_at: datetime | None = None
        self._rejections = 0
        self.instance = f"{socket.gethostname()}-{os.getpid()}"

    def tell(self, now: datetime) -> None:
        """Writes the status when it is due, and at once when YouTube goes away or is back.

        Raises LogError, but not for a status that the log does not take: it is left out, and tried again later. A
        first such error is raised: the topic may be gone.
        """
        if not has_passed(self._tried_at, self._pause(), now) and not self._is_urgent():
            return
        status = self._status(now)
        if self._is_news(status, now):
            self._write(status)
        self._tried_at = now

    def _pause(self) -> timedelta:
        return _AT_LEAST_EVERY if self._rejections else pause(len(self._control.subjects))

    def _is_urgent(self) -> bool:
        if self._told is None or self._rejections:
            return False
        return (self._told.youtube_away is None) is not (self._reach.away() is None)

    def _is_news(self, status: ProducerStatus, now: datetime) -> bool:
        told = self._told
        if told is None or has_passed(told.at, _AT_LEAST_EVERY, now):
            return True
        return status != told.model_copy(update={"at": now})

    def _write(self, status: ProducerStatus) -> None:
        try:
            self._notebook.tell(status)
        except RecordRejectedError as error:
            self._rejections += 1
            if self._rejections == 1:
                raise
            if self._rejections == 2:
                logs.error("status_not_told", reason=error, meanwhile="videos are looked for as ever")
        else:
            self._told, self._rejections = status, 0

    def _status(self, now: datetime) -> ProducerStatus:
        notebook, followed = self._notebook, list(self._control.subjects.values())
        subjects = self._subjects(followed, now)
        polls_by = Bucket.SEARCHES if any(subject.query for subject in followed) or not followed else Bucket.UNITS
        return producer_status(
            self.instance,
            now,
            waiting=self._polling.waiting,
            youtube=youtube_away(
                self._reach.away(),
                self._tried_again(subjects, now),
                waiting=self._polling.waiting,
                polls_by=polls_by,
            ),
            subjects=subjects,
            projects=[
                project_status(project, notebook.quotas, self._limits, now) for project in self._caller.projects()
            ],
            channels=len(notebook.channels),
            stored=self._units.stored,
        )

    def _subjects(self, followed: Sequence[Subject], now: datetime) -> list[SubjectStatus]:
        notebook = self._notebook
        channels = by_subject(notebook.channels.values())
        outlooks = self._polling.outlooks(followed, now)
        return [
            subject_status(
                subject,
                notebook.progress.get(subject.id),
                self._with_channels(subject, outlooks[subject.id], now),
                channels.get(subject.id, ()),
            )
            for subject in followed
        ]

    def _with_channels(self, subject: Subject, outlook: Forecast, now: datetime) -> Forecast:
        """What is to be expected, with what is wrong with channels where nothing is searched."""
        return outlook if subject.query else replace(outlook, trouble=self._units.trouble(subject, now))

    def _tried_again(self, subjects: Sequence[SubjectStatus], now: datetime) -> dict[Bucket, datetime | None]:
        polls = [subject.next_poll_at for subject in subjects if subject.next_poll_at is not None]
        units = [self._units.tried_again_at(now), self._key_checks.next_at(now)]
        return {
            Bucket.SEARCHES: min(polls, default=None),
            Bucket.UNITS: min((moment for moment in units if moment is not None), default=None),
        }
