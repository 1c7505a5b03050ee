"""The client's requests on a server that answers what each test says, byte by byte."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Semaphore, Thread

import pytest
from elastic_transport import ConnectionError as NodeConnectionError
from elastic_transport import ConnectionTimeout, NodeConfig

from video_index.elasticsearch_node import PlainHttpNode

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Server:
    """Takes connections one after another; on each it answers requests with the given pieces, a pause after each,
    then closes it, or leaves it open and reads it no more."""

    def __init__(self, *connections: list[list[bytes]], closes: bool = True, pause_s: float = 0.0) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.requests: list[bytes] = []
        self._closes = closes
        self._between_pieces = Event()
        self._pause_s = pause_s
        self._left_open: list[socket.socket] = []
        self.closed = Semaphore(0)
        self._thread = Thread(target=self._serve, args=(connections,), daemon=True)
        self._thread.start()

    def _serve(self, connections: tuple[list[list[bytes]], ...]) -> None:
        for answers in connections:
            connection, _ = self._listening.accept()
            for pieces in answers:
                self.requests.append(connection.recv(65536))
                for piece in pieces:
                    connection.sendall(piece)
                    if self._between_pieces.wait(self._pause_s):
                        return
            if self._closes:
                connection.close()
                self.closed.release()
            else:
                self._left_open.append(connection)

    def close(self) -> None:
        self._between_pieces.set()
        self._listening.close()
        for connection in self._left_open:
            connection.close()


@contextmanager
def asking(server: Server, timeout_s: float = 10.0) -> Iterator[PlainHttpNode]:
    node = PlainHttpNode(NodeConfig("http", "127.0.0.1", server.port, request_timeout=timeout_s))
    try:
        yield node
    finally:
        node.close()
        server.close()


def test_a_request_is_one_piece_of_http() -> None:
    server = Server([[OK]])
    with asking(server) as node:
        answer = node.perform_request("POST", "/videos/_search", b'{"size":1}')

    assert (answer.meta.status, answer.body) == (200, b"{}")
    assert answer.meta.mimetype == "application/json"
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /videos/_search HTTP/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}".encode() in head
    assert b"content-length: 10" in head
    assert body == b'{"size":1}'


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([OK[:20], OK[20:-1], OK[-1:]], id="in pieces"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"1\r\n}\r\n0\r\n\r\n"], id="chunked"
        ),
        pytest.param([b"HTTP/1.0 200 OK\r\n\r\n{", b"}"], id="until the connection ends"),
    ],
)
def test_an_answer_is_read_to_its_end(pieces: list[bytes]) -> None:
    with asking(Server([pieces])) as node:
        assert node.perform_request("GET", "/").body == b"{}"


def test_a_connection_is_kept() -> None:
    server = Server([[OK], [OK], [OK]])
    with asking(server) as node:
        for _ in range(3):
            assert node.perform_request("GET", "/").meta.status == 200
        assert server.closed.acquire(timeout=10)


def test_one_that_was_closed_meanwhile_is_replaced() -> None:
    server = Server([[OK]], [[OK]])
    with asking(server) as node:
        for _ in range(2):
            assert node.perform_request("GET", "/").meta.status == 200
            assert server.closed.acquire(timeout=10)


def test_one_that_the_answer_ends_is_not_kept() -> None:
    server = Server([[OK.replace(b"OK\r\n", b"OK\r\nconnection: close\r\n")]], [[OK]], closes=False)
    with asking(server) as node:
        for path in ("/first", "/second"):
            assert node.perform_request("GET", path).meta.status == 200

    # It reads one request of each connection.
    assert [request.split()[1] for request in server.requests] == [b"/first", b"/second"]


def test_what_is_asked_for_by_head_has_no_body() -> None:
    server = Server([[OK.removesuffix(b"{}")], [OK]])
    with asking(server) as node:
        assert node.perform_request("HEAD", "/_alias/videos").meta.status == 200
        assert node.perform_request("GET", "/").body == b"{}"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="no answer"),
        pytest.param([OK[:-1]], id="half an answer"),
        pytest.param([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"], id="half of the chunks"),
        pytest.param([b"HTTP/1.0 200 OK\r\nserver: a proxy\r\n"], id="half of the headers"),
        pytest.param([b"SSH-2.0-OpenSSH_9.2\r\n"], id="not HTTP"),
    ],
)
def test_what_is_no_answer_is_an_error_of_the_connection(pieces: list[bytes]) -> None:
    with asking(Server([pieces])) as node, pytest.raises(NodeConnectionError):
        node.perform_request("GET", "/")


def test_nobody_there_is_an_error_of_the_connection() -> None:
    server = Server()
    server.close()
    with asking(server) as node, pytest.raises(NodeConnectionError):
        node.perform_request("GET", "/")


def test_an_answer_that_takes_too_long_is_a_timeout() -> None:
    with asking(Server([[OK[:5]], [OK]]), timeout_s=0.05) as node, pytest.raises(ConnectionTimeout):
        node.perform_request("GET", "/")


def test_so_is_one_that_comes_byte_by_byte_for_ever() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    server = Server([[head, *[b" "] * 500]], pause_s=0.02)
    began = time.monotonic()
    with asking(server, timeout_s=0.2) as node, pytest.raises(ConnectionTimeout):
        node.perform_request("GET", "/")

    assert time.monotonic() - began < 5.0
