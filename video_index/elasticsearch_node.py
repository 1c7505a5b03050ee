"""Plain HTTP for the official client of Elasticsearch, which asks through urllib3 otherwise: a third of its time.

A node is what the client sends requests through (https://elastic-transport-python.readthedocs.io/en/latest/nodes.html).
This one writes a request in one piece, and reads the answer with the parser that the query API's own server has.
"""

import select
import socket
import time
from collections import deque
from typing import Any

import httptools
from elastic_transport import (
    ApiResponseMeta,
    BaseNode,
    ConnectionError,  # noqa: A004 - the client's own
    ConnectionTimeout,
    HttpHeaders,
    NodeConfig,
)
from elastic_transport._node import NodeApiResponse  # what every node class gives, and not named elsewhere
from elastic_transport.client_utils import DEFAULT, DefaultType, client_meta_version

_READ = 1 << 16


class PlainHttpNode(BaseNode):
    """Asks on connections that are kept; threads may share it. For `http://` without compression."""

    _CLIENT_META_HTTP_CLIENT = ("ht", client_meta_version(httptools.__version__))

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self._idle: deque[_Connection] = deque()
        host = f"[{config.host}]" if ":" in config.host else config.host
        self._usual = "".join(
            f"{name}: {value}\r\n" for name, value in {"host": f"{host}:{config.port}", **self.headers}.items()
        )

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> NodeApiResponse:
        """The answer, of any status. Raises ConnectionError, and ConnectionTimeout when all of it takes too long."""
        timeout_s = self.config.request_timeout if isinstance(request_timeout, DefaultType) else request_timeout
        own = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        size = f"content-length: {len(body or b'')}\r\n" if body or method != "GET" else ""
        head = f"{method} {self.path_prefix}{target} HTTP/1.1\r\n{self._usual}{own}{size}\r\n"
        began = time.monotonic()
        deadline = None if timeout_s is None else began + timeout_s
        try:
            answer = self._answer(head.encode("latin-1") + (body or b""), method, deadline)
        except TimeoutError as error:
            raise ConnectionTimeout("Connection timed out during request", errors=(error,)) from error
        except (OSError, httptools.HttpParserError) as error:
            raise ConnectionError(str(error), errors=(error,)) from error
        meta = ApiResponseMeta(
            node=self.config,
            duration=time.monotonic() - began,
            http_version="1.1",
            status=answer.status,
            headers=answer.headers,
        )
        return NodeApiResponse(meta, b"".join(answer.body))

    def close(self) -> None:
        """Closes the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def _answer(self, request: bytes, method: str, deadline: float | None) -> "_Answer":
        connection = self._connection(deadline)
        try:
            answer = connection.ask(request, method, deadline)
        except BaseException:
            connection.close()
            raise
        if answer.keeps_connection:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _connection(self, deadline: float | None) -> "_Connection":
        """The one that was used last, of those that the other side has not closed since; else a new one."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return _Connection(self.host, self.port, deadline)
            if connection.is_quiet():
                return connection
            connection.close()


class _Connection:
    """One request after another. A deadline is a time of `time.monotonic`, or None; it raises TimeoutError."""

    def __init__(self, host: str, port: int, deadline: float | None) -> None:
        self._socket = socket.create_connection((host, port), _seconds_to(deadline))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._arrivals = select.poll()
        self._arrivals.register(self._socket, select.POLLIN)

    def is_quiet(self) -> bool:
        """Whether nothing came that nobody asked for, as the end of the connection would be."""
        return not self._arrivals.poll(0)

    def ask(self, request: bytes, method: str, deadline: float | None) -> "_Answer":
        """Sends a request and waits for all of the answer. Raises OSError and HttpParserError."""
        self._socket.settimeout(_seconds_to(deadline))
        self._socket.sendall(request)
        answer = _Answer(has_body=method != "HEAD")
        while not answer.is_complete:
            # A socket counts anew with each piece, and there may always be another one.
            self._socket.settimeout(_seconds_to(deadline))
            piece = self._socket.recv(_READ)
            if piece:
                answer.feed(piece)
            else:
                answer.end()
        return answer

    def close(self) -> None:
        """Closes it."""
        self._socket.close()


def _seconds_to(deadline: float | None) -> float | None:
    """How long a socket may wait yet. Raises TimeoutError after the deadline."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for all of the request is over")
    return left


class _Answer:
    """What the parser calls while it reads an answer (https://github.com/MagicStack/httptools)."""

    def __init__(self, *, has_body: bool) -> None:
        self.status = 0
        self.headers = HttpHeaders()
        self.body: list[bytes] = []
        self.keeps_connection = False
        self.is_complete = False
        self._has_body = has_body
        self._parser: Any = httptools.HttpResponseParser(self)

    def feed(self, piece: bytes) -> None:
        """Takes what has come."""
        self._parser.feed_data(piece)

    def end(self) -> None:
        """Takes the end of the connection, which ends an answer that tells no other end (RFC 9112, 6.3). Raises
        ConnectionResetError where it comes too early."""
        if not self.status or "content-length" in self.headers or "transfer-encoding" in self.headers:
            raise ConnectionResetError("the connection was closed before the answer was complete")
        self.is_complete = True

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1")] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.keeps_connection = self._parser.should_keep_alive()
        self.is_complete = not self._has_body

    def on_body(self, piece: bytes) -> None:
        self.body.append(piece)

    def on_message_complete(self) -> None:
        self.is_complete = True
