"""What cannot be sent through a client: bytes on the wire."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from query_api import bodies, connection
from query_api.headers import SECURITY_HEADERS
from query_api.server import make_server
from stack.ports import free_port
from stack.process import wait_until
from tests.query_api.service import Service, serving
from tests.video_index.contract import a_video, fill

HOST = b"Host: localhost\r\n"
POST = b"POST /subjects HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body."""
        read: dict[str, Any] = json.loads(self.body)
        return read


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running server with one video."""
    directory: Path = tmp_path_factory.mktemp("server")
    with serving(directory, api_port=free_port()) as service:
        service.index.ensure()
        fill(service.index, [a_video("a", "Été 東京")])
        with running(service) as port:
            yield port


@contextmanager
def running(service: Service) -> Iterator[int]:
    """The port of a server for the service."""
    server = make_server(service.app, service.app.state.settings)
    thread = Thread(target=server.run)
    thread.start()
    assert wait_until(lambda: server.started, 10, lambda: not thread.is_alive())
    try:
        yield service.app.state.settings.api_port
    finally:
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


def ask(port: int, request: bytes) -> Answer:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.sendall(request)
        reader = connection.makefile("rb")
        status = int(reader.readline().split()[1])
        headers = {}
        while (line := reader.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        length = 0 if request.startswith(b"HEAD") else int(headers.get("content-length", "0"))
        return Answer(status, headers, reader.read(length))


def refused(port: int, request: bytes, status: int) -> str:
    answer = ask(port, request)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    return str(answer.json["detail"])


def still_answers(port: int) -> bool:
    return ask(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n").status == 200


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/search?q=été".encode(), id="UTF-8 that is not percent-encoded"),
        pytest.param(b"/search?q=\xff\xfe", id="invalid UTF-8 in the query"),
        pytest.param(b"/videos/\xff", id="invalid UTF-8 in the path"),
        pytest.param(b"/videos/a\x00b", id="NUL"),
        pytest.param(b"/search?q=a b", id="a space"),
        pytest.param(b"search", id="no slash"),
        pytest.param(b"/search?q=" + b"a" * 100_000, id="a long address"),
    ],
)
def test_an_address_that_is_not_http_is_told_what_is(port: int, target: bytes) -> None:
    detail = refused(port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400)

    assert "percent-encoded UTF-8" in detail
    assert still_answers(port)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"nonsense\r\n\r\n", id="not HTTP"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
        pytest.param(b"FOO /search HTTP/1.1\r\n" + HOST + b"\r\n", id="an unknown method"),
        pytest.param(b"GET /search HTTP/9.9\r\n" + HOST + b"\r\n", id="an unknown version"),
        pytest.param(b"GET /search HTTP/1.1\r\nHost localhost\r\n\r\n", id="a header without a colon"),
        pytest.param(b"GET /search HTTP/1.1\r\n" + HOST + b"A: \x00\r\n\r\n", id="NUL in a header"),
        pytest.param(POST + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}", id="two lengths"),
        pytest.param(POST + b"Content-Length: -1\r\n\r\n{}", id="a negative length"),
        pytest.param(POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", id="length and chunks"),
    ],
)
def test_a_request_that_is_not_http_is_refused(port: int, request_bytes: bytes) -> None:
    refused(port, request_bytes, 400)

    assert still_answers(port)


def test_a_long_query_is_refused_with_its_parameter(port: int) -> None:
    answer = ask(port, b"GET /search?q=" + b"%D0%B6" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == "q"
    assert "10000 characters" in answer.json["detail"]


@pytest.mark.parametrize("endless", [b"GET /search?q=", b"GET /search HTTP/1.1\r\n" + HOST + b"A: "])
def test_an_address_or_headers_without_an_end_are_refused(port: int, endless: bytes) -> None:
    assert "131072 bytes are accepted" in refused(port, endless + b"a" * 10_000_000, 431)
    assert still_answers(port)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n", id="GET"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n", id="POST"),
    ],
)
def test_trailers_without_an_end_are_left(port: int, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(begun + b"2\r\n{}\r\n0\r\nX: ")
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for _ in range(1_000):
                connection.sendall(b"a" * 100_000)

    assert still_answers(port)


def test_headers_of_a_common_length_are_answered_however_they_arrive(port: int) -> None:
    request = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Cookie: " + b"a" * 30_000 + b"\r\n\r\n"

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for begin in range(0, len(request), 3_000):
            connection.sendall(request[begin : begin + 3_000])

        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_does_not_arrive_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.1)

    assert "in time" in refused(port, POST + b"Content-Length: 50\r\n\r\n{", 408)


@pytest.mark.parametrize(
    "begun", [b"G", b"GET /search HTTP/1.1\r\n" + HOST, POST + b"Content-Length: 2\r\n\r\n{}GET /search HTTP/1.1\r\n"]
)
def test_headers_that_do_not_arrive_are_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_PATIENCE_S", 0.3)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(begun)
        received = b"".join(iter(lambda: caller.recv(65_536), b""))

    assert received.count(b"HTTP/1.1 408 ") == 1
    assert b"headers did not arrive in time" in received


def test_a_connection_on_which_nobody_asks_is_closed(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_PATIENCE_S", 0.1)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as idle:
        assert idle.recv(100) == b""


def test_who_asked_in_time_is_answered_however_long_that_takes(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_PATIENCE_S", 0.2)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(b"GET /stream HTTP/1.1\r\n" + HOST + b"\r\n")
        assert caller.recv(100).startswith(b"HTTP/1.1 200 ")
        caller.settimeout(0.6)
        with pytest.raises(TimeoutError):
            while caller.recv(1_000):
                pass


def test_of_two_hosts_none_is_believed(port: int) -> None:
    request = b"GET /search HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n"

    assert "Host" in refused(port, request, 400)


def test_without_a_host_the_request_is_refused(port: int) -> None:
    assert "Host" in refused(port, b"GET /search HTTP/1.1\r\n\r\n", 400)


def test_a_host_that_was_made_to_point_here_is_refused(port: int) -> None:
    assert "Host" in refused(port, b"GET /search HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400)


def test_a_body_in_chunks_is_refused(port: int) -> None:
    assert "Content-Length" in refused(port, POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411)


def test_a_body_that_is_too_long_is_refused(port: int) -> None:
    assert "65536" in refused(port, POST + b"Content-Length: 10000000\r\n\r\n" + b"x" * 10_000_000, 413)
    assert still_answers(port)


def test_without_a_body_what_it_should_be_is_told(port: int) -> None:
    assert "body: is not JSON" in refused(port, b"POST /subjects HTTP/1.1\r\n" + HOST + b"\r\n", 422)


def test_a_web_page_has_to_declare_json_even_without_a_body(port: int) -> None:
    page = b"Origin: http://elsewhere.example\r\n\r\n"

    assert "application/json" in refused(port, b"POST /subjects HTTP/1.1\r\n" + HOST + page, 415)


def test_who_goes_away_in_the_middle_of_a_body_is_no_defect(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(POST + b"Content-Length: 100\r\n\r\n{}")

    assert still_answers(port)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_an_answer_comes_in_one_piece(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")

        answer = connection.recv(10_000)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b'\r\n\r\n{"status":"alive"}')


def test_head_has_no_body(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"HEAD /search HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.endswith(b"\r\n\r\n")
    assert received.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("path", [b"/search", b"http://localhost/search", b"/search?", b"/search#part"])
def test_addresses_in_every_form_are_answered(port: int, path: bytes) -> None:
    answer = ask(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")

    assert answer.status == 200
    assert answer.json["total"]["value"] == 1


def test_an_old_client_and_odd_headers_are_answered(port: int) -> None:
    headers = HOST + b"Authorization: Bearer \xff\r\nAccept: \xfe\r\nCookie: " + b"x" * 8_000 + b"\r\n"

    assert ask(port, b"GET /get HTTP/1.0\r\n" + headers + b"\r\n").status == 200


def test_requests_on_one_connection_are_answered_in_order(port: int) -> None:
    requests = [b"GET /get?limit=%d HTTP/1.1\r\n" % limit + HOST + b"\r\n" for limit in (1, 2)]
    last = b"GET /get?limit=3 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"".join([*requests, last]))
        received = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert [received.index(b'"limit":%d' % limit) for limit in (1, 2, 3)] == sorted(
        received.index(b'"limit":%d' % limit) for limit in (1, 2, 3)
    )


def test_a_web_socket_is_refused(port: int) -> None:
    upgrade = (
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )

    assert ask(port, b"GET /search HTTP/1.1\r\n" + HOST + upgrade + b"\r\n").status == 403


def clients_seen(directory: Path, caplog: pytest.LogCaptureFixture, **settings: Any) -> set[object]:
    """Whom the service takes a caller of this machine for, that sends `X-Forwarded-For: 192.0.2.7`."""
    caplog.set_level(logging.INFO)
    forwarded = HOST + b"X-Forwarded-For: 192.0.2.7\r\n\r\n"
    with (
        serving(directory, api_port=free_port(), admin_token="token-of-the-test", **settings) as service,
        running(service) as port,
    ):
        assert ask(port, b"GET /healthz HTTP/1.1\r\n" + forwarded).status == 200
    return {record.fields["client"] for record in caplog.records if record.getMessage() == "request"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("gateway", ["127.0.0.1", "127.0.0.0/8"])
def test_a_gateway_that_is_trusted_tells_who_asks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, gateway: str
) -> None:
    assert clients_seen(tmp_path, caplog, trusted_proxies=gateway) == {"192.0.2.7"}


def test_the_gateway_of_a_container_tells_who_asks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert clients_seen(tmp_path, caplog, api_published_on="127.0.0.1") == {"192.0.2.7"}


@pytest.mark.parametrize("settings", [{}, {"trusted_proxies": "192.0.2.1"}])
def test_anybody_else_is_who_the_connection_is_from(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, settings: dict[str, Any]
) -> None:
    assert clients_seen(tmp_path, caplog, **settings) == {"127.0.0.1"}


def test_what_the_server_answers_itself_has_the_headers_that_browsers_go_by_and_tells_no_version(port: int) -> None:
    refusal = ask(port, b"nonsense\r\n\r\n")
    answer = ask(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")

    assert refusal.headers.items() >= SECURITY_HEADERS.items()
    assert answer.headers.items() >= SECURITY_HEADERS.items()
    assert "server" not in answer.headers


def test_who_takes_no_answer_holds_up_the_end_for_some_seconds_only_and_that_is_no_defect(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path, api_port=free_port()) as service:
        service.index.ensure()
        fill(service.index, [a_video(f"v{number}", description="x" * 5_000) for number in range(4_000)])
        with ExitStack() as until_it_has_ended, running(service) as port:
            idle = until_it_has_ended.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            idle.sendall(b"GET /export?format=ndjson HTTP/1.1\r\n" + HOST + b"\r\n")
            assert idle.recv(100)

    assert [record.getMessage() for record in caplog.records if record.getMessage() == "answer_cut"] == ["answer_cut"]
    assert not [record for record in caplog.records if record.exc_info]
