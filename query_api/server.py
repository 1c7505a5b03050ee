"""The HTTP server under the service."""

import socket

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from query_api.headers import SECURITY_HEADERS
from query_api.problems import problem
from query_api.settings import ApiSettings
from query_api.stream import Streams


class _Protocol(HttpToolsProtocol):
    """Answers what is not HTTP, which never reaches the service, with a problem as well."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Instead of uvicorn's one plain line."""
        refusal = problem(
            400,
            "the request is not valid HTTP: text in an address is accepted as percent-encoded UTF-8, up to 64 KB "
            "(curl: --get --data-urlencode 'q=...')",
            headers={**SECURITY_HEADERS, "connection": "close"},
        )
        headers = b"".join(b"%b: %b\r\n" % header for header in refusal.raw_headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n%b\r\n" % headers + bytes(refusal.body))
        self.transport.close()


class _Server(uvicorn.Server):
    """Ends the streams before it waits for its answers to end."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server`."""
        self._streams.end()
        await super().shutdown(sockets)


def make_server(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    """A server for `app` at `API_HOST` and `API_PORT`. Its log lines go through the process's own formatter."""
    config = uvicorn.Config(
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
    )
    return _Server(config, app.state.streams)
