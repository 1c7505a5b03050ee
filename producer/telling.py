"""Tells people of the producer's work: writes its status to the poll state, not more often than it is worth."""

import os
import socket
from datetime import datetime, timedelta

from event_log import RecordRejectedError
from observability import event_logger
from producer.caller import Caller
from producer.channels import by_subject
from producer.clock import has_passed
from producer.polling import Polling
from producer.quota import Limits
from producer.report import producer_status, project_status, subject_status
from producer.state import Notebook, Wishes
from schemas import ProducerStatus
from video_index import Freshness

logs = event_logger("producer")

_AT_MOST_EVERY = timedelta(seconds=5)
_PER_SUBJECT = timedelta(milliseconds=10)
"""Each takes time to plan and some 370 bytes of the log: what is told of many is told more rarely."""

_AT_LEAST_EVERY = timedelta(seconds=30)
"""So that a producer that has nothing to tell is known to live."""


def pause(subjects: int) -> timedelta:
    """The least time between two statuses of so many subjects."""
    return min(max(_AT_MOST_EVERY, subjects * _PER_SUBJECT), _AT_LEAST_EVERY)


class Telling:
    """Remembers what was told last. `instance` names this producer among several."""

    def __init__(self, wishes: Wishes, notebook: Notebook, caller: Caller, limits: Limits) -> None:
        self._wishes = wishes
        self._notebook = notebook
        self._caller = caller
        self._limits = limits
        self._told: ProducerStatus | None = None
        self._tried_at: datetime | None = None
        self._rejections = 0
        self.instance = f"{socket.gethostname()}-{os.getpid()}"

    def tell(self, polling: Polling, stored: Freshness | None, now: datetime) -> None:
        """Writes the status when it is due.

        Raises LogError, but not for a status that the log does not take: it is left out, and tried again later. A
        first such error is raised: the topic may be gone.
        """
        if not has_passed(self._tried_at, self._pause(), now):
            return
        status = self._status(polling, stored, now)
        if self._is_news(status, now):
            self._write(status)
        self._tried_at = now

    def _pause(self) -> timedelta:
        return _AT_LEAST_EVERY if self._rejections else pause(len(self._wishes.subjects))

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

    def _status(self, polling: Polling, stored: Freshness | None, now: datetime) -> ProducerStatus:
        notebook = self._notebook
        channels = by_subject(notebook.channels.values())
        outlooks = polling.outlooks(self._wishes.subjects.values(), now)
        return producer_status(
            self.instance,
            now,
            waiting=polling.waiting,
            subjects=[
                subject_status(
                    subject, notebook.progress.get(subject.id), outlooks[subject.id], channels.get(subject.id, ())
                )
                for subject in self._wishes.subjects.values()
            ],
            projects=[
                project_status(project, notebook.quotas, self._limits, now) for project in self._caller.projects()
            ],
            channels=len(notebook.channels),
            stored=stored,
        )
