"""What stands before every route: hosts, rates, sizes, content types; and what answers a defect behind it."""

from urllib.parse import unquote_to_bytes

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observability import event_logger
from query_api.clients import client_of
from query_api.hosts import is_accepted
from query_api.problems import ProblemError, answer_of, problem
from query_api.rates import Rate
from query_api.settings import ApiSettings

logs = event_logger("query_api")

MAX_BODY = 64 * 1024
"""Bytes."""

MAX_QUERY = 62 * 1024
"""Bytes. The server itself reads no address beyond 64 KB."""

SEARCHES = frozenset({"search", "get", "videos", "suggest", "stats", "feed.atom", "feed.rss", "export", "stream"})
"""First parts of the paths that ask the index."""

_CHANGES = ("POST", "PUT", "PATCH", "DELETE")


class Guards:
    """ASGI middleware that refuses what no route should see, and answers defects."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, searches: Rate) -> None:
        self._app = app
        self._settings = settings
        self._searches = searches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await (self._refusal(scope) or self._app)(scope, receive, tell)
        except Exception:
            logs.exception("defect", method=scope["method"], path=scope["path"])
            if begun:
                raise
            await problem(500, "a defect of the service; its log tells more")(scope, receive, tell)

    def _refusal(self, scope: Scope) -> Response | None:
        refusal = _refusal(Request(scope), self._settings)
        if refusal is None and scope["path"].lstrip("/").partition("/")[0] in SEARCHES:
            try:
                self._searches.check(client_of(scope))
            except ProblemError as error:
                return answer_of(error)
            self._searches.count(client_of(scope))
        return refusal


def _refusal(request: Request, settings: ApiSettings) -> Response | None:
    hosts = request.headers.getlist("host")
    # Of several, a gateway and this service might each believe another (RFC 9112, 3.2).
    if len(hosts) != 1 or not is_accepted(hosts[0], settings):
        return problem(400, f"Host: this service answers to {_names(settings)} only; ALLOWED_HOSTS may name others")
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


def _names(settings: ApiSettings) -> str:
    return "localhost and 127.0.0.1" if settings.on_loopback else "IP addresses and the names that it was given"


def _is_utf8(encoded: bytes) -> bool:
    if encoded.isascii() and b"%" not in encoded:
        return True
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True
