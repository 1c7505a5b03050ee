"""The HTTP server under the service, in this process or in several."""

import asyncio
import signal
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from query_api.headers import SECURITY_HEADERS
from query_api.problems import problem
from query_api.settings import ApiSettings


class Server(Protocol):
    """What answers at `API_HOST` and `API_PORT`. It is made and run in the main thread, where signals arrive."""

    def run(self) -> None:
        """Answers until SIGTERM, SIGINT or `end`. Raises SystemExit when it cannot listen."""

    def end(self) -> None:
        """Makes `run` return, after the answers under way. Any thread may call it, and a signal handler."""


class OneProcess:
    """A `Server` for `app` in this process."""

    def __init__(self, app: FastAPI, settings: ApiSettings) -> None:
        self._server = make_server(app, settings)

    def run(self) -> None:
        """See `Server`."""
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn sends itself the signal again when it has ended; this makes that harmless.
            signal.signal(number, lambda *_: self.end())
        self._server.run()

    def end(self) -> None:
        """See `Server`."""
        self._server.should_exit = True


_MAX_HEAD = 128 * 1024
"""Bytes of an address and headers that are accepted; the address alone may have half of them."""

_MAX_MESSAGE = 1024 * 1024
"""Bytes of a whole request. No route takes so many: what is behind them was refused, or is no body."""


_HELD = 64 * 1024
"""Bytes; more is sent at once."""


class _InOnePiece:
    """A transport that sends what is written in one go of the event loop in one piece.

    uvicorn writes the headers and the body one after the other, and each would wake the other side up.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

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

    def _send(self) -> None:
        held, self._held = self._held, []
        if held:
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transport has
        return getattr(self._transport, name)


class _Protocol(HttpToolsProtocol):
    """Answers what is not HTTP, which never reaches the service, with a problem as well, and ends what is endless."""

    _size = 0
    """Bytes of this request, without the piece in which it began; the parser would collect any number."""
    _in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Answers go out in one piece."""
        super().connection_made(cast(asyncio.Transport, _InOnePiece(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """Takes what has come, and leaves who sends more than any request has."""
        self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if self._in_head and self._size > _MAX_HEAD and not answering:
            self._refuse(431, f"address and headers are too long: {_MAX_HEAD} bytes are accepted")
        elif self._size > _MAX_MESSAGE:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._size, self._in_head = 0, True

    def on_headers_complete(self) -> None:
        """Its headers are there."""
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

    def _refuse(self, status: int, detail: str) -> None:
        refusal = problem(status, detail, headers={**SECURITY_HEADERS, "connection": "close"})
        headers = b"".join(b"%b: %b\r\n" % header for header in refusal.raw_headers)
        line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
        self.transport.write(line + headers + b"\r\n" + bytes(refusal.body))
        self.transport.close()


def make_server(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    """uvicorn's server for `app`."""
    return uvicorn.Server(server_config(app, settings))


def server_config(app: FastAPI | Callable[[], FastAPI], settings: ApiSettings, **more: Any) -> uvicorn.Config:  # noqa: ANN401
    """uvicorn's settings for `app`, or for what makes it. Log lines go through the process's own formatter."""
    return uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        http=_Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarders),
        forwarded_allow_ips=settings.forwarders,
        # Who takes an answer slowly, or not at all, must not hold up the end.
        timeout_graceful_shutdown=5,
        **more,
    )
