"""Against the transport seam, and against a real server on loopback that answers badly or not at all."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from producer.errors import UnavailableError
from producer.http import Answer, HttpClient, HttpTimeouts, httpx

HASTY = HttpTimeouts(connection=0.5, next_bytes=0.3, whole_answer=0.6)
SECRET = "a-secret-in-a-header"


def a_client(handler: Callable[[httpx.Request], httpx.Response]) -> HttpClient:
    return HttpClient(httpx.MockTransport(handler))


def get(client: HttpClient, url: str = "http://youtube.test/search") -> Answer:
    return client.get(url, {"q": "green tea"}, {"X-Goog-Api-Key": SECRET})


def failure(client: HttpClient, url: str = "http://youtube.test/search") -> UnavailableError:
    with pytest.raises(UnavailableError) as failed:
        get(client, url)
    assert SECRET not in str(failed.value)
    return failed.value


@pytest.mark.parametrize("status", [200, 204, 403, 500])
def test_an_answer_comes_with_its_status_and_body_whatever_it_is(status):
    with a_client(lambda _: httpx.Response(status, content=b"body")) as client:
        assert get(client) == Answer(status, b"body")


def test_parameters_go_into_the_url_and_headers_do_not():
    seen: list[httpx.Request] = []
    with a_client(lambda request: seen.append(request) or httpx.Response(200)) as client:
        get(client)

    assert str(seen[0].url) == "http://youtube.test/search?q=green+tea"
    assert seen[0].headers["X-Goog-Api-Key"] == SECRET


def test_a_redirect_is_not_followed():
    seen: list[httpx.Request] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "http://thief.test/"})

    with a_client(redirect) as client:
        assert get(client).status == 302
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("too slow"), False),
        (httpx.PoolTimeout("busy"), False),
        (httpx.UnsupportedProtocol("what?"), False),
        (httpx.InvalidURL("what?"), False),
        (httpx.ReadTimeout("silent"), True),
        (httpx.WriteTimeout("stuck"), True),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("gone"), True),
        (httpx.ProxyError("no"), True),
        (TimeoutError(), True),
    ],
)
def test_a_failure_says_whether_the_request_may_have_been_counted(error, sent):
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with a_client(fail) as client:
        assert failure(client).sent is sent


def test_an_endless_answer_is_given_up():
    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                yield b"x" * 1_000_000

    with a_client(lambda _: httpx.Response(200, stream=Endless())) as client:
        assert "endless" in str(failure(client))


def test_after_a_failure_the_client_goes_on():
    answers = iter([httpx.ReadError("reset"), httpx.Response(200, content=b"ok")])

    def one(_: httpx.Request) -> httpx.Response:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with a_client(one) as client:
        failure(client)
        assert get(client).body == b"ok"


# --- on loopback


Talk = Callable[[socket.socket, Event], None]


@contextmanager
def a_server(talk: Talk) -> Iterator[str]:
    """A server that speaks as `talk` says on every connection, until the test ends."""
    over = Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        with connection:
            try:
                talk(connection, over)
            except OSError:
                return

    Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.close()


def drip(*parts: bytes, then: bytes, every_s: float = 0.05) -> Talk:
    """Sends the parts, then `then` again and again, never silent for long."""

    def talk(connection: socket.socket, over: Event) -> None:
        for part in parts:
            connection.sendall(part)
        while not over.wait(every_s):
            connection.sendall(then)

    return talk


def silent(connection: socket.socket, over: Event) -> None:
    over.wait(10)


def resets(connection: socket.socket, over: Event) -> None:
    connection.recv(10)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
GZIPPED = gzip.compress(b"")


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        resets,
        drip(b"HTTP/1.1 200 OK\r\n", then=b"X-More: 1\r\n"),
        drip(b"HTTP/1.1 ", then=b"2"),
        drip(CHUNKED + b"\r\n", then=b"1\r\nx\r\n"),
        drip(CHUNKED + b"Content-Encoding: gzip\r\n\r\n", then=b"%x\r\n%b\r\n" % (len(GZIPPED), GZIPPED)),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", then=b"x"),
    ],
    ids=[
        "silent",
        "resets",
        "drips headers",
        "drips the first line",
        "drips chunks",
        "drips nothing",
        "drips a body",
    ],
)
def test_a_server_that_never_answers_wholly_is_given_up_in_time(talk):
    with a_server(talk) as url, HttpClient(timeouts=HASTY) as client:
        begun = time.monotonic()

        assert failure(client, url).sent

        assert time.monotonic() - begun < 2


def test_a_port_where_nobody_listens_costs_nothing():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with HttpClient(timeouts=HASTY) as client:
        assert not failure(client, f"http://127.0.0.1:{port}/").sent


def test_a_host_that_cannot_be_found_or_a_url_that_is_none_costs_nothing():
    with HttpClient(timeouts=HASTY) as client:
        assert not failure(client, "http://nowhere.invalid/").sent
        assert not failure(client, "http://[::1/").sent


def test_connections_are_kept():
    connections: list[socket.socket] = []

    def answer(connection: socket.socket, over: Event) -> None:
        connections.append(connection)
        while connection.recv(65536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with a_server(answer) as url, HttpClient(timeouts=HASTY) as client:
        assert [get(client, url).body for _ in range(3)] == [b"ok"] * 3

    assert len(connections) == 1


def test_a_thread_of_its_own_may_use_it():
    found: list[Answer] = []
    client = a_client(lambda _: httpx.Response(200, content=b"ok"))
    thread = Thread(target=lambda: found.append(get(client)))
    thread.start()
    thread.join(5)
    client.close()

    assert found == [Answer(200, b"ok")]
