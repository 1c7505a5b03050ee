"""Who holds a piece of work on the embedded log.

Each holder has an epoch, a number in the SQLite file that grows by one with every takeover, and appends only on
condition that the epoch is still its own: that alone keeps two from writing. A beacon beside the file, one for each
epoch, tells the other claimants when to take over: at once when the holder has died or closed, and after eight
seconds when it has been suspended.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

from event_log.embedded_beacon import Beacon, Stillness, last_beat_ns
from event_log.embedded_file import errors_explained
from event_log.errors import LogUnavailableError, OwnershipLostError
from event_log.interface import NewRecord
from observability import event_logger

Condition = Callable[[sqlite3.Connection], None]
"""Is called within the transaction of an append; what it raises undoes it."""

_LOOK_EVERY_S = 0.2
_LOOKS_BEFORE_TAKEOVER = 40
_VALID_S = _LOOK_EVERY_S * _LOOKS_BEFORE_TAKEOVER

_EPOCH = "SELECT epoch FROM owner WHERE name = ?"
_TAKE_OVER = """INSERT INTO owner (name, epoch) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch WHERE epoch = excluded.epoch - 1"""

logs = event_logger("event_log")


@dataclass(slots=True)
class _Held:
    """What the holder has: its epoch, its beacon, and when the epoch was last seen to be the newest."""

    epoch: int
    beacon: Beacon
    confirmed_s: float


class EmbeddedOwnership:
    """See `Ownership`. `transaction` gives the connection that writes, `append` appends on a condition; `reading` is
    a connection of its own, which it closes."""

    def __init__(
        self,
        name: str,
        path: Path,
        reading: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[sqlite3.Connection]],
        append: Callable[[Sequence[NewRecord], Condition], None],
    ) -> None:
        self._name = name
        self._path = path
        self._reading = reading
        self._transaction = transaction
        self._append = append
        self._held: _Held | None = None
        self._stillness = Stillness(_LOOKS_BEFORE_TAKEOVER)
        self._closing = Event()
        self._thread = Thread(target=self._claim, name=f"ownership of {name}", daemon=True)
        self._thread.start()

    def is_held(self) -> bool:
        """See `Ownership`. False, too, when the epoch has not been looked at for eight seconds."""
        held = self._held
        return held is not None and time.monotonic() - held.confirmed_s < _VALID_S

    def append(self, records: Sequence[NewRecord]) -> None:
        """See `Ownership`. When it raises, nothing was appended."""
        held = self._held
        if held is None:
            raise self._lost("it is not held")

        def still_held(writer: sqlite3.Connection) -> None:
            if self._newest_epoch(writer) != held.epoch:
                raise self._lost("another process has taken over")

        try:
            self._append(records, still_held)
        except OwnershipLostError:
            held.confirmed_s = float("-inf")
            raise

    def close(self) -> None:
        """See `Ownership`."""
        self._closing.set()
        self._thread.join()

    def _claim(self) -> None:
        try:
            while not self._closing.is_set():
                self._try_to_step()
                self._closing.wait(_LOOK_EVERY_S)
        finally:
            self._let_go()
            self._reading.close()

    def _try_to_step(self) -> None:
        try:
            with errors_explained(self._path):
                self._step()
        except LogUnavailableError as error:
            logs.warning("ownership_unknown", name=self._name, reason=error)
            self._closing.wait(1)

    def _step(self) -> None:
        now_s = time.monotonic()
        newest = self._newest_epoch(self._reading)
        if self._held is not None and self._held.epoch != newest:
            logs.warning("ownership_lost", name=self._name, epoch=self._held.epoch, newest_epoch=newest)
            self._let_go()
        if self._held is not None:
            self._held.beacon.beat()
            self._held.confirmed_s = now_s
        elif self._is_free(newest):
            self._take_over(newest, now_s)

    def _is_free(self, epoch: int) -> bool:
        beat_ns = last_beat_ns(self._beacon_path(epoch))
        return beat_ns is None or self._stillness.is_too_long((epoch, beat_ns))

    def _take_over(self, former: int, now_s: float) -> None:
        # The beacon first: an epoch without one is free.
        beacon = Beacon.light(self._beacon_path(former + 1))
        if beacon is None:
            return
        try:
            with self._transaction() as writer:
                taken = writer.execute(_TAKE_OVER, (self._name, former + 1)).rowcount == 1
        except BaseException:
            beacon.put_out()
            raise
        if not taken:
            beacon.put_out()
            return
        self._held = _Held(former + 1, beacon, now_s)
        self._beacon_path(former).unlink(missing_ok=True)
        logs.info("ownership_acquired", name=self._name, epoch=former + 1)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.beacon.put_out()

    def _newest_epoch(self, connection: sqlite3.Connection) -> int:
        row = connection.execute(_EPOCH, (self._name,)).fetchone()
        return 0 if row is None else int(row[0])

    def _beacon_path(self, epoch: int) -> Path:
        return self._path.with_name(f"{self._path.name}-owner-{quote(self._name, safe='')}-{epoch}")

    def _lost(self, reason: str) -> OwnershipLostError:
        return OwnershipLostError(
            f"event log {self._path}, ownership of {self._name}: {reason}: nothing was appended"
        )
