import hashlib
import hmac
import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from threading import Event, Thread

import pytest

from query_api.webhooks import WebhookFailedError, WebhookRefusedError, Webhooks, is_public, signature
from tests.query_api.webhook import receiving


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    """A name service for which every host has these addresses."""
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b:1::7f00:1",
        "::ffff:0:127.0.0.1",
        "3fff::1",
        "4000::1",
        "5f00::1",
    ],
)
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_these_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "hooks.example/x",
        "http://93.184.215.14/x",
        "ftp://93.184.215.14/x",
        "https://",
        "https:///x",
        "https://user:password@93.184.215.14/x",
        "https://93.184.215.14:99999/x",
        "https://93.184.215.14:0/x",
        "https://93.184.215.14/" + "x" * 2_000,
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://\x00/x",
        "https://ex ample/",
    ],
)
def test_these_webhooks_are_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(WebhookRefusedError) as refused:
        Webhooks(allow_private=False).check(address)

    assert "/x" not in str(refused.value)
    assert "password" not in str(refused.value)


def test_of_several_addresses_one_that_is_private_is_too_many() -> None:

    with pytest.raises(WebhookRefusedError, match="ALLOW_PRIVATE_WEBHOOKS"):
        Webhooks(allow_private=False, look_up=resolving("93.184.215.14", "10.0.0.1")).check("https://hooks.example/x")


def test_a_public_one_is_shown_by_its_origin() -> None:

    assert (
        Webhooks(allow_private=False, look_up=resolving("93.184.215.14")).check("https://Hooks.example:8443/x?y#z")
        == "https://hooks.example:8443"
    )


def test_a_name_that_has_come_to_mean_a_private_address_is_not_posted_to() -> None:
    with receiving() as webhook:
        with pytest.raises(WebhookFailedError, match="not public"):
            Webhooks(allow_private=False, look_up=resolving("127.0.0.1")).post(
                f"https://hooks.example:{webhook.port}/", b"{}", {}
            )

        assert webhook.posts == []


def test_it_posts_to_the_address_that_was_checked_under_the_name() -> None:
    with receiving() as webhook:
        # 127.0.0.2 answers nothing there: the next address of the host is tried.

        Webhooks(allow_private=True, look_up=resolving("127.0.0.2", "127.0.0.1")).post(
            f"http://hooks.example:{webhook.port}/a?b=c#d", b'{"x":1}', {"X-A": "1"}
        )

    [post] = webhook.posts
    assert (post.path, post.body) == ("/a?b=c", b'{"x":1}')
    assert post.headers["host"] == f"hooks.example:{webhook.port}"
    assert post.headers["content-type"] == "application/json"
    assert post.headers["x-a"] == "1"


@pytest.mark.parametrize("status", [300, 302, 400, 404, 410, 500, 503])
def test_any_answer_but_success_is_a_failure(status: int) -> None:
    with receiving() as webhook:
        webhook.status = status

        with pytest.raises(WebhookFailedError, match=str(status)):
            Webhooks(allow_private=True).post(webhook.address, b"{}", {})

        assert len(webhook.posts) == 1


def test_one_that_cannot_be_reached_is_a_failure_that_tells_no_path() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and not listening

        with pytest.raises(WebhookFailedError) as failed:
            Webhooks(allow_private=True).post(f"http://127.0.0.1:{bound.getsockname()[1]}/secret", b"{}", {})

    assert str(failed.value) == "cannot be reached"


def test_one_that_speaks_no_http_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        port = server.getsockname()[1]

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"nonsense\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(WebhookFailedError, match="read"):
            Webhooks(allow_private=True).post(f"http://127.0.0.1:{port}/", b"{}", {})
        thread.join()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_one_that_trickles_its_answer_fails_when_its_time_is_up(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        cut = Event()

        def trickle() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                # The beginning of an answer, or of a record of TLS that is announced to be long.
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: " if scheme == "http" else b"\x16\x03\x03\x40\x00")
                while not cut.wait(0.05):
                    connection.sendall(b"a")
            cut.set()

        thread = Thread(target=trickle)
        thread.start()
        try:
            with pytest.raises(WebhookFailedError, match=r"within 0\.5 s"):
                Webhooks(allow_private=True, timeout_s=0.5).post(
                    f"{scheme}://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}
                )
            assert cut.wait(5)  # by the connection's end
        finally:
            cut.set()
            thread.join()


def test_a_signature_is_the_hmac_of_timestamp_and_body() -> None:
    digest = hmac.new(b"secret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()

    assert signature("secret", 1_700_000_000, b'{"a":1}') == f"t=1700000000,v1={digest}"
