"""The HTTP server under the service, in this process or in several."""

import signal
from collections.abc import Callable
from typing import Any, Protocol

import uvicorn
from fastapi import FastAPI

from query_api.connection import Connection
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


def make_server(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    """uvicorn's server for `app`."""
    return uvicorn.Server(server_config(app, settings))


def server_config(app: FastAPI | Callable[[], FastAPI], settings: ApiSettings, **more: Any) -> uvicorn.Config:  # noqa: ANN401
    """uvicorn's settings for `app`, or for what makes it. Log lines go through the process's own formatter."""
    return uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarders),
        forwarded_allow_ips=settings.forwarders,
        # Who takes an answer slowly, or not at all, must not hold up the end.
        timeout_graceful_shutdown=5,
        **more,
    )
