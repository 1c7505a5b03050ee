"""The producer as this service sees it: the status that it writes to the poll state, and whether that is fresh.

The status goes by YouTube's clock, so its own time says nothing of its age here. What does: the time at which it was
appended, by a machine's clock that may differ from this one's as well, and the time since this service looked before
and did not find it, by no clock at all.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

from event_log import EventLog, LogUnavailableError, Reader, Record
from observability import event_logger
from query_api.outage import Outage
from schemas import POLL_STATE, ProducerStatus, YouTubeAway, utc_now

STALE_AFTER = timedelta(seconds=60)
"""A producer that works tells of it twice a minute."""

_MOMENT_S = 0.25
"""Long enough to notice that the log is back, short enough to ask for while it is not."""

_LAST_READ_S = 1.0
"""For a reading under way at the end."""

logs = event_logger("query_api")


@dataclass(frozen=True, slots=True)
class ProducerSnapshot:
    """The newest status that could be read, when by this machine's clock it was written, and since when the log
    cannot be read, if so."""

    status: ProducerStatus | None
    heard_at: datetime | None
    log_away_since: datetime | None

    def state(self, now: datetime) -> Literal["polling", "waiting", "away"]:
        """What the producer does, as far as can be known."""
        if self.log_away_since is not None or self.status is None or self._is_stale(now):
            return "away"
        away = self.status.youtube_away
        return "waiting" if self.status.waiting or (away and away.stops_polling) else "polling"

    def reason(self, now: datetime, log_name: str) -> str | None:
        """Why nothing is polled, or what else fails; None while all is as planned.

        Times are in this machine's zone.
        """
        if self.log_away_since is not None:
            return f"{log_name} is away since {local(self.log_away_since, now)}"
        if self.status is None or self.heard_at is None:
            return "no producer has worked here yet"
        if self._is_stale(now):
            return f"the producer was last heard of {local(self.heard_at, now)}"
        away = self.status.youtube_away
        if away is not None and (away.stops_polling or not self.status.waiting):
            return _told(away, now)
        until = self.status.waiting_until
        if self.status.waiting and until is not None:
            return f"{self.status.waiting} until {local(until, now)}"
        return self.status.waiting

    def hindrance(self, now: datetime, log_name: str) -> str | None:
        """Why no key can be checked, in words; None when nothing is known to be in the way."""
        if self.state(now) == "away" or self.status is None:
            return self.reason(now, log_name)
        away = self.status.youtube_away
        return _told(away, now) if away is not None and away.stops_key_checks else None

    def _is_stale(self, now: datetime) -> bool:
        return self.heard_at is None or now - self.heard_at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class _Told:
    """A status, how old it was when it was read, and the reading of the monotonic clock then."""

    status: ProducerStatus
    age_s: float
    read_s: float


class ProducerView:
    """Reads the producer's status; threads may share it.

    One thread of its own reads, because Kafka takes long to be away, and searches need the threads of requests.
    `machine` and `monotonic_s` are this machine's clocks.
    """

    def __init__(
        self,
        log: EventLog,
        outage: Outage,
        patience_s: float = 3.0,
        *,
        machine: Callable[[], datetime] = utc_now,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._outage = outage
        self._patience_s = patience_s
        self._machine = machine
        self._monotonic_s = monotonic_s
        self._thread = ThreadPoolExecutor(1, "producer-view")
        self._lock = Lock()
        self._reading: Future[None] | None = None
        self._reader: Reader | None = None
        self._looked_s = float("-inf")
        self._told: _Told | None = None

    def look(self) -> ProducerSnapshot:
        """The newest status within `patience_s` seconds; the one before when the log takes longer, or is away."""
        asked, reading = self._begun()
        wait([reading], self._patience_s)
        return self._after(asked, reading)

    async def seen(self) -> ProducerSnapshot:
        """The same without a thread that waits, and within a moment while the log is known to be away: the reading
        goes on, and is what notices that the log is back."""
        asked, reading = self._begun()
        patience_s = self._patience_s if self._outage.since is None else _MOMENT_S
        await asyncio.wait([asyncio.wrap_future(reading)], timeout=patience_s)
        return self._after(asked, reading)

    def close(self) -> None:
        """Reads no more, and frees the reader. One whose reading goes on for a second more, as while Kafka is away,
        is left as it is."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        reading = self._reading
        if reading is not None:
            wait([reading], _LAST_READ_S)
        if self._reader is not None and (reading is None or reading.done()):
            self._reader.close()
            self._reader = None

    def _begun(self) -> tuple[datetime, Future[None]]:
        """When this was asked, and the reading that answers it, which those who ask at the same time share."""
        asked = self._machine()
        with self._lock:
            if self._reading is None or self._reading.done():
                self._reading = self._thread.submit(self._read)
            return asked, self._reading

    def _after(self, asked: datetime, reading: Future[None]) -> ProducerSnapshot:
        if reading.done():
            reading.result()  # a defect is told, as anywhere else
        else:
            self._outage.began(asked)
        return self._seen()

    def _seen(self) -> ProducerSnapshot:
        told = self._told
        if told is None:
            return ProducerSnapshot(None, None, self._outage.since)
        age_s = told.age_s + self._monotonic_s() - told.read_s
        return ProducerSnapshot(told.status, self._machine() - timedelta(seconds=age_s), self._outage.since)

    def _read(self) -> None:
        looked_s = self._monotonic_s()
        try:
            if self._reader is None:
                self._reader = self._log.reader([POLL_STATE.name])
            records = self._reader.read_to_end()
        except LogUnavailableError:
            self._outage.began()
            return
        if newest := _newest(records):
            status, appended_ms = newest
            now_s = self._monotonic_s()
            apart_s = abs(self._machine().timestamp() - appended_ms / 1000)
            self._told = _Told(status, min(apart_s, now_s - self._looked_s), now_s)
        self._looked_s = looked_s
        self._outage.ended()


def local(moment: datetime, now: datetime) -> str:
    """A moment as people of this machine's time zone write it; with the day when it is not today's."""
    there, today = moment.astimezone(), now.astimezone().date()
    return there.strftime("%H:%M %Z" if there.date() == today else "%Y-%m-%d %H:%M %Z")


def _told(away: YouTubeAway, now: datetime) -> str:
    again = f", tried again at {local(away.tried_again_at, now)}" if away.tried_again_at is not None else ""
    return f"{away.told} since {local(away.since, now)}{again} ({away.reason})"


def _newest(records: Sequence[Record]) -> tuple[ProducerStatus, int] | None:
    """The newest status among them and when it was appended, in milliseconds since 1970."""
    for record in reversed(records):
        if record.value is not None and (record.key or "").startswith("status/"):
            try:
                return ProducerStatus.model_validate_json(record.value), record.timestamp_ms
            except ValueError as error:  # its text might quote the value
                logs.warning("status_unreadable", offset=record.offset, error=type(error).__name__)
    return None
