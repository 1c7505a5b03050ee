"""A connection to the service, as uvicorn speaks HTTP on it, with an end to all that could go on for ever."""

import asyncio
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from query_api.headers import SECURITY_HEADERS
from query_api.problems import problem
from query_api.slow_clients import SLOWEST_S

HEAD_PATIENCE_S = 10.0
"""For an address and all headers, from when the connection is made, or from the first byte of a later request."""

_MAX_HEAD = 128 * 1024
"""Bytes of an address and headers that are accepted; the address alone may have half of them."""

_MAX_MESSAGE = 1024 * 1024
"""Bytes of a whole request. No route takes so many: what is behind them was refused, or is no body."""

_HELD = 64 * 1024
"""Bytes; more is sent at once."""


class _InOnePiece:
    """A transport that sends what is written in one go of the event loop in one piece.

    uvicorn writes the headers and the body one after the other, and each would wake the other side up. Once it is
    closed, who takes nothing of what is left for `SLOWEST_S` seconds is given up: asyncio would wait for ever.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._last_look: asyncio.TimerHandle | None = None

    def write(self, data: bytes) -> None:
        """See `asyncio.WriteTransport`."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)
        if len(data) > _HELD:
            self._send()

    def close(self) -> None:
        """See `asyncio.BaseTransport`."""
        self._send()
        self._transport.close()
        if self._last_look is None:
            self._look_again(self._transport.get_write_buffer_size())

    def lost(self) -> None:
        """The connection is no more."""
        if self._last_look is not None:
            self._last_look.cancel()

    def _look_again(self, left: int) -> None:
        if left:
            self._last_look = self._loop.call_later(SLOWEST_S, self._give_up_unless_less_than, left)

    def _give_up_unless_less_than(self, left: int) -> None:
        still_left = self._transport.get_write_buffer_size()
        if still_left < left:
            self._look_again(still_left)
        else:
            self._transport.abort()

    def _send(self) -> None:
        held, self._held = self._held, []
        if held:
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transport has
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """Answers what is not HTTP, which never reaches the service, with a problem as well, and ends what is endless."""

    _size = 0
    """Bytes of this request, without the piece in which it began; the parser would collect any number."""
    _in_head = False
    _deadline: asyncio.TimerHandle | None = None
    """Until when the rest of a head has to be there, while one is waited for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Answers go out in one piece."""
        super().connection_made(cast(asyncio.Transport, _InOnePiece(transport, self.loop)))
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for."""
        self._expect_no_head()
        cast(_InOnePiece, self.transport).lost()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes what has come, and leaves who sends more than any request has."""
        self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._size > _MAX_HEAD and not self._answering:
            self._refuse(431, f"address and headers are too long: {_MAX_HEAD} bytes are accepted")
        elif self._size > _MAX_MESSAGE:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._size, self._in_head = 0, True
        if self._deadline is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """Its headers are there."""
        self._expect_no_head()
        super().on_headers_complete()
        self._in_head = False

    def on_message_complete(self) -> None:
        """All of it is there."""
        super().on_message_complete()
        self._size = 0

    def shutdown(self) -> None:
        """Before the server waits for the answers under way: streams would never be done."""
        super().shutdown()
        # Starlette notes itself in the scope of each request.
        app = cast(dict[str, Any], self.scope or {}).get("app")
        if app is not None:
            app.state.streams.end()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Instead of uvicorn's one plain line."""
        self._refuse(
            400,
            "the request is not valid HTTP: text in an address is accepted as percent-encoded UTF-8, up to 64 KB "
            "(curl: --get --data-urlencode 'q=...')",
        )

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_PATIENCE_S, self._give_up)

    def _expect_no_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._in_head and not self._answering:
            self._refuse(408, "the headers did not arrive in time: send all of them at once")
        else:
            self.transport.close()

    def _refuse(self, status: int, detail: str) -> None:
        refusal = problem(status, detail, headers={**SECURITY_HEADERS, "connection": "close"})
        headers = b"".join(b"%b: %b\r\n" % header for header in refusal.raw_headers)
        line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
        self.transport.write(line + headers + b"\r\n" + bytes(refusal.body))
        self.transport.close()
