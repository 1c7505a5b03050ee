"""Serves the application on a port until SIGTERM or SIGINT."""

import errno
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from youtube_emulator.errors import PortError

_WAIT_FOR_ANSWERS_S = 2


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on the port. Raises PortError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"--port {port}: something else listens on {host}:{port}; choose another port") from None
        raise PortError(f"--host {host} --port {port}: cannot listen there: {error.strerror or error}") from None


def address_of(listener: socket.socket) -> str:
    """The address that a socket listens on, as a URL has it."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket, serving: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT; calls `serving` as soon as requests are answered.

    Nothing is logged of requests: keys may stand in their addresses.
    """
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_WAIT_FOR_ANSWERS_S,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal again once it has stopped; this ends the program as a success then.
        signal.signal(name, lambda *_: None)
    _Server(config, serving).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that says when it serves."""

    def __init__(self, config: uvicorn.Config, serving: Callable[[], None]) -> None:
        super().__init__(config)
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._serving()
