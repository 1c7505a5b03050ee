"""What a request passes on its way to a route, and an answer on its way back.

server ─► Envelope ─► CORS (if any) ─► gzip ─► Guards ─► route
"""

import re

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from query_api.envelope import Envelope
from query_api.guards import Guards
from query_api.rates import Rate
from query_api.request_metrics import RequestMetrics
from query_api.settings import ApiSettings

_READS = ("GET", "HEAD")
_TAKEN = ("Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "X-Request-ID")
_SHOWN = ("ETag", "Link", "Retry-After", "WWW-Authenticate", "X-Request-ID", "X-Simulated")

_SMALLEST_PACKED = 1_000
"""Bytes. Less fits into one packet anyway."""

_PACKING = 4
"""Of 9 levels: more takes longer than it saves on JSON of this size."""


_REFUSED = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)
"""In `Accept-Encoding` (RFC 9110, 12.4.2), where Starlette looks for the name alone, in small letters."""


class _Packing(GZipMiddleware):
    """Compresses answers for who takes them so."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        given = Headers(scope=scope).get("accept-encoding", "") if scope["type"] == "http" else ""
        taken = "" if _REFUSED.search(given) else given.lower()
        if taken != given:
            # In the scope itself, where the router notes for those outside which route it took.
            others = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            scope["headers"] = [*others, (b"accept-encoding", taken.encode("latin-1"))]
        await super().__call__(scope, receive, send)


def add_middleware(app: FastAPI, settings: ApiSettings, requests: RequestMetrics, searches: Rate) -> None:
    """Puts them around the routes of `app`; the one that is added last is the outermost."""
    app.add_middleware(Guards, settings=settings, searches=searches)
    # Server-sent events are left as they are: it would hold them back.
    app.add_middleware(_Packing, minimum_size=_SMALLEST_PACKED, compresslevel=_PACKING)
    if settings.cors_origins:
        # Without a token, any page that may send a change could make one.
        changes = ("POST", "DELETE") if settings.admin_token is not None else ()
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=(*_READS, *changes),
            allow_headers=_TAKEN,
            expose_headers=_SHOWN,
        )
    app.add_middleware(Envelope, requests=requests, simulated=settings.simulated)
