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
    """A socket that is bound to the port, and does not listen yet. Raises PortError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family)
        try:
            # After a kill the port is free again at once.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, port))
        except OSError:
            bound.close()
            raise
        return bound
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"--port {port}: something else listens on {host}:{port}; choose another port") from None
        raise PortError(f"--host {host} --port {port}: cannot listen there: {error.strerror or error}") from None


def address_of(bound: socket.socket) -> str:
    """The address that a socket is bound to, as a URL has it."""
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(app: ASGIApp, bound: socket.socket, serving: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT; calls `serving` as soon as requests are answered.

    Nothing is logged of requests: keys may stand in their addresses. Raises PortError when another program was
    quicker to listen on the port.
    """
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,  # the application tells its own time
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=_WAIT_FOR_ANSWERS_S,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal again once it has stopped; this ends the program as a success then.
        signal.signal(name, lambda *_: None)
    try:
        _Server(config, serving).run(sockets=[bound])
    except OSError as error:
        raise PortError(f"--port: cannot listen on {address_of(bound)}: {error.strerror or error}") from None


class _Server(uvicorn.Server):
    """A server that says when it serves."""

    def __init__(self, config: uvicorn.Config, serving: Callable[[], None]) -> None:
        super().__init__(config)
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._serving()
