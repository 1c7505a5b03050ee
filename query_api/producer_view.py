"""The producer as this service sees it: the status that it writes to the poll state, and whether that is fresh."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

from event_log import EventLog, LogUnavailableError, Table
from query_api.outage import Outage
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
    """Reads the producer's status; threads may share it.

    One thread of its own reads, because Kafka takes long to be away, and searches need the threads of requests.
    """

    def __init__(self, log: EventLog, outage: Outage, patience_s: float = 3.0) -> None:
        self._table: Table[ProducerStatus] = Table(log, POLL_STATE.name, _parse)
        self._outage = outage
        self._patience_s = patience_s
        self._thread = ThreadPoolExecutor(1, "producer-view")
        self._lock = Lock()
        self._reading: Future[None] | None = None
        self._status: ProducerStatus | None = None

    def look(self) -> Seen:
        """The newest status within `patience_s` seconds; the one before when the log takes longer, or is away."""
        asked = utc_now()
        with self._lock:
            if self._reading is None or self._reading.done():
                self._reading = self._thread.submit(self._read)
            reading = self._reading
        if wait([reading], self._patience_s).done:
            reading.result()  # a defect is told, as anywhere else
        else:
            self._outage.began(asked)
        return Seen(self._status, self._outage.since)

    def _read(self) -> None:
        try:
            rows = self._table.refresh()
        except LogUnavailableError:
            self._outage.began()
        else:
            self._status = next(iter(rows.values()), None)
            self._outage.ended()


def local(moment: datetime, now: datetime) -> str:
    """A moment as people of this machine's time zone write it; with the day when it is not today's."""
    there, today = moment.astimezone(), now.astimezone().date()
    return there.strftime("%H:%M %Z" if there.date() == today else "%Y-%m-%d %H:%M %Z")


def _parse(key: str, value: bytes) -> ProducerStatus | None:
    return ProducerStatus.model_validate_json(value) if key.startswith("status/") else None
