"""What stands before every route: hosts, sizes, content types, the label of simulated data, and counting."""

import time
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observability import event_logger
from query_api.problems import problem
from query_api.request_metrics import RequestMetrics
from query_api.settings import ApiSettings

logs = event_logger("query_api")

MAX_BODY = 64 * 1024
"""Bytes."""

MAX_QUERY = 62 * 1024
"""Bytes. The server itself reads no address beyond 64 KB."""

_CHANGES = ("POST", "PUT", "PATCH", "DELETE")


class Guards:
    """ASGI middleware that refuses what no route should see, answers defects, labels simulated data, and counts.

    A HEAD request is answered as the GET would be; the server leaves the body out.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings, requests: RequestMetrics) -> None:
        self._app = app
        self._settings = settings
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, began = _Answer(send, simulated=self._settings.simulated), time.perf_counter()
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            await self._answer(inner, receive, answer, _refusal(Request(scope), self._settings))
        finally:
            self._requests.count(inner, scope["method"], answer.status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer", refusal: Response | None) -> None:
        try:
            await (refusal or self._app)(scope, receive, answer.send)
        except Exception:
            logs.exception("defect", method=scope["method"], path=scope["path"])
            if answer.status:
                raise
            await problem(500, "a defect of the service; its log tells more")(scope, receive, answer.send)


class _Answer:
    """The way an answer takes to the server: labels it, and knows its status, which is 0 before it has begun."""

    def __init__(self, send: Send, *, simulated: bool) -> None:
        self._send = send
        self._simulated = simulated
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self._simulated:
                MutableHeaders(scope=message)["X-Simulated"] = "true"
        await self._send(message)


def _refusal(request: Request, settings: ApiSettings) -> Response | None:
    if settings.on_loopback and not _names_loopback(request.headers.get("host", "")):
        # A web page whose name was made to point here would otherwise be inside this machine.
        return problem(400, "Host: this service answers to localhost and 127.0.0.1 only")
    query = request.scope["query_string"]
    if len(query) > MAX_QUERY:
        return problem(414, f"the query string has {len(query)} bytes: at most {MAX_QUERY} are accepted")
    if not _is_utf8(query):
        return _not_utf8(query)
    if not _is_utf8(request.scope.get("raw_path") or b""):
        return problem(400, "the path is not UTF-8: percent-encoded UTF-8 is accepted")
    if request.method in _CHANGES:
        return _refused_body(request)
    return None


def _not_utf8(query: bytes) -> Response:
    part = next(part for part in query.split(b"&") if not _is_utf8(part))
    name = unquote_to_bytes(part.partition(b"=")[0]).decode("utf-8", "replace")[:100]
    error = {"parameter": name, "reason": "is not UTF-8", "accepted": "percent-encoded UTF-8"}
    return problem(400, f"{name}: is not UTF-8", errors=[error])


def _refused_body(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return problem(411, "Content-Length: the body needs one")
    if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
        return problem(413, f"the body has more than {MAX_BODY} bytes: at most so many are accepted")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A web page of elsewhere cannot declare JSON without asking first, and cannot hide that it is one.
    needs_kind = int(length) > 0 or "origin" in request.headers
    if request.method != "DELETE" and needs_kind and kind != "application/json":
        return problem(415, "Content-Type: application/json is accepted")
    return None


def _names_loopback(host: str) -> bool:
    """Whether a Host header names this machine. An address cannot be made to point elsewhere, as a name can."""
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    try:
        return name.lower() == "localhost" or ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_utf8(encoded: bytes) -> bool:
    if encoded.isascii() and b"%" not in encoded:
        return True
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True
