"""Engines that are away are waited for. What real ones refuse is told in `tests/pipeline/test_managed.py`."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from event_log.kafka import KafkaLog
from schemas.settings import CommonSettings
from stack.ports import free_port
from starting import check_access
from starting.tls import speaks_tls
from video_index.elasticsearch import ElasticsearchIndex


@pytest.fixture
def hangs_up() -> Iterator[str]:
    """The address of a port that accepts and closes, as before a broker that is starting."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def test_engines_that_are_away_keep_no_service_from_starting(hangs_up: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    settings = CommonSettings(stack="native", kafka_bootstrap_servers=hangs_up, elasticsearch_url=nobody)

    with KafkaLog(hangs_up) as log, ElasticsearchIndex(nobody) as index:
        check_access(settings, log, index)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:port", "no-such-host.invalid:1", ""])
def test_what_is_no_address_speaks_no_tls(address: str) -> None:
    assert not speaks_tls(address)


def test_a_port_that_hangs_up_speaks_no_tls(hangs_up: str) -> None:
    assert not speaks_tls(hangs_up)
