"""What is around every request: an id that follows it, headers on its answer, its line in the log, and its count."""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observability import event_logger, request_id, working_on
from query_api.clients import client_of
from query_api.headers import AddedHeaders
from query_api.request_metrics import RequestMetrics, route_of

logs = event_logger("query_api")


_ASKED = "topicreel.method"
"""Where the scope keeps the method of a request that is passed on with another."""


def is_head(scope: Scope) -> bool:
    """Whether only the headers are asked for."""
    return scope.get(_ASKED) == "HEAD"


class Envelope:
    """ASGI middleware, the outermost.

    A HEAD request is answered as the GET would be; the server leaves the body out. Of what would go on for long a
    route makes no body (`is_head`).
    """

    def __init__(self, app: ASGIApp, requests: RequestMetrics, *, simulated: bool) -> None:
        self._app = app
        self._requests = requests
        self._stamp = AddedHeaders(simulated=simulated)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = request_id(_given_id(scope))
        with working_on(request):
            await self._answer(scope, receive, _Answer(send, self._stamp, request))

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        inner = {**scope, "method": "GET", _ASKED: "HEAD"} if scope["method"] == "HEAD" else scope
        began = time.perf_counter()
        try:
            await self._app(inner, receive, answer.send)
        except asyncio.CancelledError:
            # Only the server does it, to what is still under way some seconds after it was to end: no defect.
            logs.warning("answer_cut", route=route_of(inner), reason="the service ended before its answer did")
        finally:
            seconds = time.perf_counter() - began
            self._requests.count(inner, scope["method"], answer.status, seconds)
            logs.info(
                "request",
                method=scope["method"],
                # Not the query, which is what somebody looks for, nor the path, which may hold a key by mistake.
                route=route_of(inner),
                status=answer.status,
                ms=round(seconds * 1000, 1),
                client=client_of(scope),
            )


class _Answer:
    """The way an answer takes to the server: stamps it, and knows its status, which is 0 before it has begun."""

    def __init__(self, send: Send, stamp: AddedHeaders, request: str) -> None:
        self._send = send
        self._stamp = stamp
        self._request = request
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._stamp.put_on(message, self._request)
        await self._send(message)


def _given_id(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
    return None if given is None else given.decode("latin-1")
