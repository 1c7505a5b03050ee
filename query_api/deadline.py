"""One limit for all of an HTTP request, where the client's own are for each read and write."""

import socket
import time
from contextlib import suppress
from threading import Lock, Timer
from typing import Any, Self


class Deadline:
    """Cuts the connection of a request once the time is up, which then fails as it does when the other side leaves.

    `trace` is the request's extension (https://www.python-httpx.org/advanced/extensions/#trace).
    """

    def __init__(self, seconds: float) -> None:
        self._end_s = time.monotonic() + seconds
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._connection: socket.socket | None = None
        self._lock = Lock()

    def left_s(self) -> float:
        """Seconds until then; 0 afterwards."""
        return max(0.0, self._end_s - time.monotonic())

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Notes the connection as soon as there is one: the handshake of TLS can take its time as well."""
        if event == "connection.connect_tcp.complete":
            with self._lock:
                self._close()
                # A descriptor of its own: that of the client is closed, and given to others, at any time.
                self._connection = info["return_value"].get_extra_info("socket").dup()
            if not self.left_s():
                self._cut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._close()

    def _cut(self) -> None:
        with self._lock:
            if self._connection is not None:
                with suppress(OSError):  # it has ended by itself
                    self._connection.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
