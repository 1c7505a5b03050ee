"""Stands in front of a real node as a managed Elasticsearch does: TLS, and credentials with privileges.

The security of the official image cannot be had here: what is proven with this is what clients send and how they take
an answer, not x-pack.
"""

import base64
import http.client
import ssl
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.certificates import ServerFiles

Privilege = Callable[[str, str], bool]
"""Whether a method and a path are allowed."""

_READS = {"_search", "_mget", "_count", "_pit", "_alias", "_msearch"}
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "host", "authorization"}


def everything(_method: str, _path: str) -> bool:
    return True


def reading(method: str, path: str) -> bool:
    """As `read` and `view_index_metadata` allow it, nearly."""
    return method in {"GET", "HEAD", "POST"} and not _READS.isdisjoint(path.partition("?")[0].split("/"))


def api_key(key: str) -> str:
    """The header that a client with this key sends."""
    return f"ApiKey {key}"


def user(name: str, password: str) -> str:
    """The header that a client of this user sends."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


class GuardedElasticsearch(ThreadingHTTPServer):
    """`allowed` are privileges by the value of the `Authorization` header."""

    daemon_threads = True

    def __init__(self, node_url: str, files: ServerFiles, allowed: Mapping[str, Privilege]) -> None:
        super().__init__(("127.0.0.1", 0), _Guard)
        self.node = urlsplit(node_url).netloc
        self.allowed = allowed
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.chain, files.key)
        # The handshake is the thread's own that serves the connection.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that does not trust the certificate ends the handshake, which is no news."""


class _Guard(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: GuardedElasticsearch

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        privilege = self.server.allowed.get(self.headers.get("Authorization", ""))
        if privilege is None:
            self._refuse(401, "unable to authenticate")
        elif not privilege(self.command, self.path):
            self._refuse(403, f"action on [{self.path}] is unauthorized")
        else:
            self._forward(body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - its parent's names

    def log_message(self, *_: object) -> None: ...

    def _refuse(self, status: int, reason: str) -> None:
        text = f'{{"error": {{"type": "security_exception", "reason": "{reason}"}}, "status": {status}}}'
        self._answer(status, {"Content-Type": "application/json"}, text.encode())

    def _forward(self, body: bytes) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        node = http.client.HTTPConnection(self.server.node, timeout=60)
        try:
            node.request(self.command, self.path, body or None, headers)
            answer = node.getresponse()
            told = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            self._answer(answer.status, told, answer.read())
        except OSError as error:
            self._refuse(502, str(error))
        finally:
            node.close()

    def _answer(self, status: int, headers: Mapping[str, Any], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
