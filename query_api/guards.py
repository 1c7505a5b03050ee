"""What stands before every route: hosts, sizes, content types, and the label of simulated data."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import BaseHTTPMiddleware

from query_api.problems import problem
from query_api.settings import ApiSettings

MAX_BODY = 64 * 1024
MAX_QUERY = 16 * 1024
_CHANGES = ("POST", "PUT", "PATCH", "DELETE")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]", "testserver")

Next = Callable[[Request], Awaitable[Response]]


def install_guards(app: FastAPI, settings: ApiSettings) -> None:
    """Refuses what no route should see, and labels answers made from simulated data."""

    async def guard(request: Request, call_next: Next) -> Response:
        refusal = _refusal(request, settings)
        answer = refusal if refusal is not None else await call_next(request)
        if settings.simulated:
            answer.headers["X-Simulated"] = "true"
        return answer

    app.add_middleware(BaseHTTPMiddleware, dispatch=guard)


def _refusal(request: Request, settings: ApiSettings) -> Response | None:
    if settings.on_loopback and not _names_loopback(request.headers.get("host", "")):
        # A web page whose name was made to point here would otherwise be inside this machine.
        return problem(400, "Host: this service answers to localhost and 127.0.0.1 only")
    query = request.scope["query_string"]
    if len(query) > MAX_QUERY:
        return problem(414, f"the query string has {len(query)} bytes: at most {MAX_QUERY} are accepted")
    if not _is_utf8(query) or not _is_utf8(request.scope.get("raw_path") or b""):
        return problem(400, "the address is not UTF-8: text in it is accepted as percent-encoded UTF-8")
    if request.method in _CHANGES:
        return _refused_body(request)
    return None


def _refused_body(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return problem(411, "the body needs a Content-Length")
    if int(length) > MAX_BODY:
        return problem(413, f"the body has {length} bytes: at most {MAX_BODY} are accepted")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "DELETE" and kind != "application/json":
        return problem(415, "Content-Type: application/json is accepted")
    return None


def _names_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower() in _LOOPBACK_NAMES


def _is_utf8(encoded: bytes) -> bool:
    try:
        unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return False
    return True
