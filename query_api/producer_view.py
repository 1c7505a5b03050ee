"""The producer as this service sees it: the status that it writes to the poll state, and whether that is fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

from event_log import EventLog, LogError, Table
from schemas import POLL_STATE, ProducerStatus, utc_now

STALE_AFTER = timedelta(seconds=60)
"""A producer that works tells of it twice a minute."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest status that could be read, and since when the log cannot be read, if so."""

    status: ProducerStatus | None
    log_away_since: datetime | None

    def state(self, now: datetime) -> Literal["polling", "waiting", "away"]:
        """What the producer does, as far as can be known."""
        if self.log_away_since is not None or self.status is None or now - self.status.at > STALE_AFTER:
            return "away"
        return "waiting" if self.status.waiting else "polling"

    def reason(self, now: datetime, log_name: str) -> str | None:
        """Why nothing is polled, in words; None while all is as planned. Times are this machine's."""
        if self.log_away_since is not None:
            return f"{log_name} is away since {local(self.log_away_since, now)}"
        if self.status is None:
            return "no producer has worked here yet"
        if self.state(now) == "away":
            return f"the producer was last heard of {local(self.status.at, now)}"
        until = self.status.waiting_until
        if self.status.waiting and until is not None:
            return f"{self.status.waiting} until {local(until, now)}"
        return self.status.waiting


class ProducerView:
    """Reads the producer's status; threads may share it."""

    def __init__(self, log: EventLog) -> None:
        self._table: Table[ProducerStatus] = Table(log, POLL_STATE.name, _parse)
        self._lock = Lock()
        self._status: ProducerStatus | None = None
        self._away_since: datetime | None = None

    def look(self) -> Seen:
        """The newest status; the one before while the log is away."""
        with self._lock:
            try:
                rows = self._table.refresh()
            except LogError:
                self._away_since = self._away_since or utc_now()
            else:
                self._status, self._away_since = next(iter(rows.values()), None), None
            return Seen(self._status, self._away_since)


def local(moment: datetime, now: datetime) -> str:
    """A moment as people of this machine's time zone write it; with the day when it is not today's."""
    there, today = moment.astimezone(), now.astimezone().date()
    return there.strftime("%H:%M %Z" if there.date() == today else "%Y-%m-%d %H:%M %Z")


def _parse(key: str, value: bytes) -> ProducerStatus | None:
    return ProducerStatus.model_validate_json(value) if key.startswith("status/") else None
