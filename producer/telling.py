"""Tells people of the producer's work: writes its status to the poll state, not more often than it is worth."""

import os
import socket
from datetime import datetime, timedelta

from producer.caller import Caller
from producer.polling import Polling
from producer.quota import Limits
from producer.report import producer_status, project_status, subject_status
from producer.state import Notebook, Wishes
from schemas import ProducerStatus
from video_index import Freshness

_AT_MOST_EVERY = timedelta(seconds=5)
_AT_LEAST_EVERY = timedelta(seconds=30)
"""So that a producer that has nothing to tell is known to live."""


class Telling:
    """Remembers what was told last. `instance` names this producer among several."""

    def __init__(self, wishes: Wishes, notebook: Notebook, caller: Caller, limits: Limits) -> None:
        self._wishes = wishes
        self._notebook = notebook
        self._caller = caller
        self._limits = limits
        self._told: ProducerStatus | None = None
        self.instance = f"{socket.gethostname()}-{os.getpid()}"

    def tell(self, polling: Polling, stored: Freshness | None, now: datetime) -> None:
        """Writes the status when it is due. Raises LogError."""
        told = self._told
        age = now - told.at if told is not None and told.at <= now else None
        if age is not None and age < _AT_MOST_EVERY:
            return
        status = self._status(polling, stored, now)
        if told is None or age is None or age >= _AT_LEAST_EVERY or status != told.model_copy(update={"at": now}):
            self._notebook.tell(status)
            self._told = status

    def _status(self, polling: Polling, stored: Freshness | None, now: datetime) -> ProducerStatus:
        notebook = self._notebook
        outlooks = polling.outlooks(self._wishes.subjects.values(), now)
        return producer_status(
            self.instance,
            now,
            waiting=polling.waiting,
            subjects=[
                subject_status(subject, notebook.progress.get(subject.id), outlooks[subject.id], notebook.channels)
                for subject in self._wishes.subjects.values()
            ],
            projects=[
                project_status(project, notebook.quotas, self._limits, now) for project in self._caller.projects()
            ],
            channels=len(notebook.channels),
            stored=stored,
        )
