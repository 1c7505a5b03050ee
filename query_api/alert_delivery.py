"""Posts the new matches of one alert to its webhook, in order, each at least once.

    Following ─► outbox ─► post ─┬► progress (on the log)
                             ▲   └► after a day: dead letters and progress, in one append
                             └ back-off with full jitter

A thread of its own, so that a slow webhook holds up no other alert. What a full outbox has no room for is read from
the log again later.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from threading import Condition, Event, Thread

from event_log import LogUnavailableError, NewRecord, Ownership, OwnershipLostError, Positions
from observability import event_logger
from query_api.alert_message import dead_letter, message
from query_api.alerts import WebhookTarget
from query_api.follower import Follower, Match, current_request
from query_api.retry import Retry
from query_api.webhooks import WebhookFailedError, Webhooks, signature
from schemas import ALERTS, VIDEOS, Alert, AlertProgress, utc_now
from video_index import SearchRequest

logs = event_logger("query_api")

_ROOM = 200
"""Videos that wait before no more are taken for a while."""

_AT_ONCE = 50
"""Videos of one post."""

_REMEMBERED = 2_000
"""Ids of a record of progress, about 30 kB: more than change within a day of what they were posted for."""

_IDLE_S = 60.0
"""Between two records of progress while nothing matches."""

_LOG_PAUSE_S = 1.0


class AlertDelivery(Follower):
    """One alert that is owned here. `ended` is set when it is not to go on, also by itself once it is not owned."""

    def __init__(
        self,
        alert: Alert,
        progress: AlertProgress | None,
        target: WebhookTarget,
        *,
        webhooks: Webhooks,
        ownership: Ownership,
        retry: Retry,
    ) -> None:
        self.ended = Event()
        self._progress = progress or AlertProgress(id=alert.id, positions=alert.starts_at)
        super().__init__(alert.created_at, _on_videos(self._progress.positions), self._progress.sent)
        self._alert = alert
        self._target = target
        self._webhooks = webhooks
        self._ownership = ownership
        self._retry = retry
        self._delivered: OrderedDict[str, None] = OrderedDict.fromkeys(self._progress.sent)
        self._outbox: deque[Match] = deque()
        self._reached: Positions | None = None
        self._changed = Condition()
        self._thread = Thread(target=self._run, name=f"alert {alert.id}", daemon=True)
        self._thread.start()

    def ready(self) -> bool:
        """See `Follower`."""
        return len(self._outbox) < _ROOM

    def request(self) -> SearchRequest | None:
        """See `Follower`."""
        return current_request(self._alert.filters)

    def offer(self, found: Match) -> None:
        """See `Follower`."""
        with self._changed:
            self._outbox.append(found)
            self._changed.notify()

    def reach(self, positions: Positions) -> None:
        """See `Follower`."""
        with self._changed:
            self._reached = positions

    def end(self) -> None:
        """Asks it to stop; `join` waits until it has."""
        self.ended.set()
        with self._changed:
            self._changed.notify()

    def join(self, timeout_s: float) -> None:
        """Returns when it has stopped, or sooner when an attempt under way holds it up for longer than that."""
        self._thread.join(timeout_s)

    def has_stopped(self) -> bool:
        """Whether it writes no more."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self.ended.is_set():
                batch, reached = self._next()
                if batch:
                    self._deliver(batch)
                elif reached is not None:
                    self._save({"positions": _of_videos(reached)})
        except OwnershipLostError as error:
            logs.warning("alert_not_owned", alert=self._alert.id, reason=error)
        except Exception:  # the last place to catch it; whoever owns the alerts starts it anew
            logs.exception("alert_failed", alert=self._alert.id)
        self.ended.set()

    def _next(self) -> tuple[list[Match], Positions | None]:
        """Matches to post; without any for a while, how far there were none, if that is news."""
        with self._changed:
            self._changed.wait_for(lambda: self._outbox or self.ended.is_set(), _IDLE_S)
            if self._outbox:
                return [self._outbox.popleft() for _ in range(min(len(self._outbox), _AT_ONCE))], None
            reached = self._reached
        is_news = reached is not None and _of_videos(reached) != self._progress.positions
        return [], reached if is_news else None

    def _deliver(self, batch: Sequence[Match]) -> None:
        """Returns when the batch is accepted or given up, or it is to stop."""
        body, headers = message(self._alert, [found.video for found in batch])
        attempts = 0
        while not self.ended.is_set():
            attempts += 1
            failure = self._attempt(body, headers)
            if failure is None:
                done = {"delivered": self._progress.delivered + len(batch), "last_delivered_at": utc_now()}
                self._save({**self._behind(batch), **_NO_FAILURE, **done})
                return
            logs.warning("alert_not_delivered", alert=self._alert.id, attempt=attempts, reason=failure)
            if self._retry.is_over(attempts, time.time() - batch[-1].record.timestamp_ms / 1000):
                self._give_up(batch, failure)
                return
            self._save(self._failed(failure))
            self.ended.wait(self._retry.pause_s(attempts))

    def _attempt(self, body: bytes, headers: dict[str, str]) -> str | None:
        """Why it failed; None when it was accepted."""
        signed = signature(self._target.secret.get_secret_value(), int(time.time()), body)
        try:
            self._webhooks.post(
                self._target.webhook.get_secret_value(), body, {**headers, "X-Topicreel-Signature": signed}
            )
        except WebhookFailedError as error:
            return f"the webhook {error}"
        return None

    def _give_up(self, batch: Sequence[Match], failure: str) -> None:
        logs.error("alert_given_up", alert=self._alert.id, videos=len(batch), reason=failure)
        given_up = {"given_up": self._progress.given_up + len(batch)}
        letters = [dead_letter(self._alert, found.record, failure) for found in batch]
        self._save({**self._failed(failure), **self._behind(batch), **given_up}, letters)

    def _behind(self, batch: Sequence[Match]) -> dict[str, object]:
        self._delivered.update(dict.fromkeys(found.video.video_id for found in batch))
        while len(self._delivered) > _REMEMBERED:
            self._delivered.popitem(last=False)
        return {"positions": _of_videos(batch[-1].positions), "sent": tuple(self._delivered)}

    def _failed(self, failure: str) -> dict[str, object]:
        return {
            "failed_attempts": self._progress.failed_attempts + 1,
            "failing_since": self._progress.failing_since or utc_now(),
            "last_failure": failure,
        }

    def _save(self, update: dict[str, object], more: Sequence[NewRecord] = ()) -> None:
        """Writes progress durably, on condition that this is still owned. Raises OwnershipLostError."""
        progress = self._progress.model_copy(update=update)
        record = NewRecord(ALERTS.name, progress.key, progress.to_json())
        while True:
            try:
                self._ownership.append([*more, record])
            except LogUnavailableError as error:
                logs.warning("alert_progress_not_saved", alert=self._alert.id, reason=error)
                if self.ended.wait(_LOG_PAUSE_S):
                    return
            else:
                self._progress = progress
                return


_NO_FAILURE: dict[str, object] = {"failed_attempts": 0, "failing_since": None, "last_failure": None}


def _on_videos(positions: dict[int, int]) -> Positions:
    return {(VIDEOS.name, partition): offset for partition, offset in positions.items()}


def _of_videos(positions: Positions) -> dict[int, int]:
    return {partition: offset for (_, partition), offset in sorted(positions.items())}
