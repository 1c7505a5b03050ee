"""Calls YouTube with whichever key may, and spends nothing that is not in the ledger.

choose a key ─► reserve the call (durable) ─► call ─► an answer
     ▲                                          │
     └── the key is refused, or its day is over ┘
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from pydantic import SecretStr

from key_vault import KeyVault, VaultError
from observability import event_logger
from producer.clock import Clock
from producer.errors import (
    BurstError,
    DayQuotaError,
    KeyRefusedError,
    NoCallLeftError,
    SearchError,
    StoppedError,
    UnavailableError,
)
from producer.keys import Project, choose_key, is_unchecked, projects
from producer.quota import Bucket, Limits, exhaust, give_back, ledger_of_today, reserve
from producer.reach import CallPurpose, Reach
from producer.state import Control, Notebook
from schemas import ApiKey, KeyHealth, ProjectQuota

logs = event_logger("producer")

Answer = TypeVar("Answer")
Request = Callable[[SecretStr], Answer]
"""Sends one request with that key. Raises SearchError."""


class Caller:
    """Makes calls, and notes what they show of keys and quota. `reach` is told what came of each."""

    def __init__(
        self,
        *,
        vault: KeyVault,
        control: Control,
        notebook: Notebook,
        limits: Limits,
        clock: Clock,
        reach: Reach | None = None,
    ) -> None:
        self._vault = vault
        self._control = control
        self._notebook = notebook
        self._limits = limits
        self._clock = clock
        self._reach = reach or Reach()

    def projects(self) -> list[Project]:
        """The projects that may be called with, the first to be spent first."""
        return projects(self._control.keys.values(), self._notebook.health)

    def call(self, bucket: Bucket, asked: CallPurpose, request: Request[Answer]) -> Answer:
        """The answer, by the first key that gets one. `asked` is what the call is for.

        Raises NoCallLeftError, StoppedError, LogError, or the SearchError that is left to the caller:
        UnavailableError, BurstError, RequestRefusedError or PageTokenError.
        """
        while True:
            if self._clock.stopped:
                raise StoppedError
            chosen = choose_key(self.projects(), bucket, self._notebook.quotas, self._limits, self._clock.now())
            if chosen is None:
                raise NoCallLeftError
            try:
                return self._call(*chosen, bucket, asked, request)
            except (KeyRefusedError, DayQuotaError):
                pass  # it is noted: another key is chosen now

    def check(self, key: ApiKey, request: Request[object]) -> None:
        """Tries this very key with a cheap request and notes what YouTube says of it.

        Raises NoCallLeftError when its project has no units left, LogError, and the SearchError after which nothing
        is known of the key.
        """
        project = next(each for each in self.projects() if key in each.keys)
        if not project.calls_left(Bucket.UNITS, self._notebook.quotas, self._limits, self._clock.now()):
            raise NoCallLeftError
        with suppress(KeyRefusedError, DayQuotaError):  # they are noted
            self._call(project, key, Bucket.UNITS, CallPurpose(key.key), request)

    def _call(
        self, project: Project, key: ApiKey, bucket: Bucket, asked: CallPurpose, request: Request[Answer]
    ) -> Answer:
        secret = self._reveal(key)
        reserved = self._reserve(project, bucket)
        try:
            answer = request(secret)
        except SearchError as error:
            self._note_reach(error, bucket, asked)
            self._note(error, key, bucket, reserved)
            raise
        self._reach.answered(bucket, asked)
        self._accept(key)
        return answer

    def _note_reach(self, error: SearchError, bucket: Bucket, asked: CallPurpose) -> None:
        if isinstance(error, UnavailableError | BurstError):
            self._reach.failed(bucket, asked, error, self._clock.now())
        else:
            self._reach.answered(bucket, asked)

    def _note(self, error: SearchError, key: ApiKey, bucket: Bucket, reserved: ProjectQuota) -> None:
        if error.project_number:
            self._learn_project(key, error.project_number)
        match error:
            case KeyRefusedError():
                self._retire(key, str(error))
            case DayQuotaError():
                self._notebook.write(exhaust(reserved, bucket, self._clock.now()))
                counted = getattr(reserved, bucket.value)
                self._accept(key)  # or it would not have been counted
                logs.warning("quota_used_up", bucket=bucket.value, key=key.masked, counted_here=counted, reason=error)
            case UnavailableError(sent=False):
                self._notebook.write(give_back(reserved, bucket, self._limits.of(bucket)))

    def _reserve(self, project: Project, bucket: Bucket) -> ProjectQuota:
        ledger = ledger_of_today(self._notebook.quotas.get(project.id), project.id, self._clock.now())
        reserved = reserve(ledger, bucket, self._limits.of(bucket))
        self._notebook.write(reserved)
        return reserved

    def _reveal(self, key: ApiKey) -> SecretStr:
        try:
            return self._vault.reveal(key)
        except VaultError as error:
            self._retire(key, str(error))
            raise KeyRefusedError(str(error)) from error

    def _accept(self, key: ApiKey) -> None:
        health = self._health(key)
        if is_unchecked(key, health):
            self._notebook.write(health.model_copy(update={"checked_at": self._when(key), "retired_at": None}))
            logs.info("key_accepted", key=key.masked)

    def _retire(self, key: ApiKey, reason: str) -> None:
        when = self._when(key)
        found = {"checked_at": when, "retired_at": when, "retired_reason": reason}
        self._notebook.write(self._health(key).model_copy(update=found))
        logs.error("key_retired", key=key.masked, reason=reason)

    def _learn_project(self, key: ApiKey, number: str) -> None:
        health = self._health(key)
        if health.project_number != number:
            self._notebook.write(health.model_copy(update={"project_number": number}))
            logs.info("project_recognised", key=key.masked, project=number)

    def _health(self, key: ApiKey) -> KeyHealth:
        return self._notebook.health.get(key.id) or KeyHealth(id=key.id)

    def _when(self, key: ApiKey) -> datetime:
        # Whoever added it may have a clock that is ahead; found out before it was added, it would not count.
        return max(self._clock.now(), key.asked_at)
