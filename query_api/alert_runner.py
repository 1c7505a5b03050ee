"""Delivers alerts, in whichever service has them: one at a time, and another within 15 seconds after it is gone."""

from threading import Event, Lock, Thread

from event_log import EventLog, LogError, NewRecord, Ownership
from key_vault import VaultError
from observability import event_logger
from query_api.alert_delivery import AlertDelivery
from query_api.alerts import Alerts, KnownAlert
from query_api.following import Following
from query_api.retry import Retry
from query_api.webhooks import Webhooks
from schemas import ALERTS, DEAD_LETTERS

logs = event_logger("query_api")

OWNERSHIP = "alerts"

_LOOK_EVERY_S = 1.0

_LAST_ATTEMPT_S = 1.0
"""For an attempt under way when the service ends; what then still waits for its answer is repeated by the next."""


class AlertRunner:
    """A thread that looks which alerts there are, and runs those while they are owned here.

    It claims them once there is one, so that a service without alerts costs nothing but the look.
    """

    def __init__(self, log: EventLog, alerts: Alerts, webhooks: Webhooks, retry: Retry | None = None) -> None:
        self._log = log
        self._alerts = alerts
        self._webhooks = webhooks
        self._retry = retry or Retry()
        self._following = Following(log, "alerts")
        self._running: dict[str, AlertDelivery] = {}
        self._stopping: list[AlertDelivery] = []
        self._unreadable: set[str] = set()
        self._ownership: Ownership | None = None
        self._stop = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begins; when it has begun already that is as good."""
        with self._lock:
            if self._thread is None:
                self._stop.clear()
                self._thread = Thread(target=self._run, name="alerts", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ends all of it, but for an attempt under way, which is repeated after the next start."""
        with self._lock:
            thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
            except LogError as error:
                logs.warning("alerts_unknown", reason=error)
            except Exception:  # the last place to catch it: without this thread no alert is delivered
                logs.exception("alerts_failed")
            self._stop.wait(_LOOK_EVERY_S)
        self._following.close()
        for run in self._end(list(self._running)):
            run.join(_LAST_ATTEMPT_S)
        if self._ownership is not None:
            self._ownership.close()
            self._ownership = None

    def _look(self) -> None:
        known = {each.alert.id: each for each in self._alerts.all()}
        if known and self._ownership is None:
            self._ownership = self._log.own(OWNERSHIP)
        ownership = self._ownership
        owned = ownership is not None and ownership.is_held()
        self._stopping += self._end(
            [each for each, run in self._running.items() if not owned or each not in known or run.ended.is_set()]
        )
        self._stopping = [run for run in self._stopping if not run.has_stopped()]
        if ownership is not None and owned:
            self._clear(ownership)
            # Read again: whoever had them before may have written until this moment.
            for alert in self._alerts.all() if known.keys() - self._running else ():
                if alert.alert.id not in self._running:
                    self._begin(alert, ownership)

    def _clear(self, ownership: Ownership) -> None:
        """Removes what is left over once nothing writes it any more; another look does it while something may."""
        left_over = (
            [] if self._stopping else [each for each in self._alerts.left_over() if each.id not in self._running]
        )
        if left_over:
            ownership.append([NewRecord(ALERTS.name, each.key, None) for each in left_over])

    def _begin(self, known: KnownAlert, ownership: Ownership) -> None:
        try:
            target = self._alerts.target(known.alert)
        except VaultError as error:
            if known.alert.id not in self._unreadable:
                self._unreadable.add(known.alert.id)
                logs.error("alert_unreadable", alert=known.alert.id, reason=error)
            return
        self._log.create_topics([ALERTS, DEAD_LETTERS])
        run = AlertDelivery(
            known.alert,
            known.progress,
            target,
            webhooks=self._webhooks,
            ownership=ownership,
            retry=self._retry,
        )
        self._running[known.alert.id] = run
        self._following.add(run)

    def _end(self, ids: list[str]) -> list[AlertDelivery]:
        ended = [self._running.pop(each) for each in ids]
        for run in ended:
            self._following.remove(run)
            run.end()
        return ended
