import json
import socket
from pathlib import Path

import pytest

from stack.directory import StackDirectory
from stack.ports import LOOPBACK, choose_ports, free_port, is_taken, listen_problem, listener


@pytest.fixture
def directory(tmp_path: Path) -> StackDirectory:
    return StackDirectory.of(tmp_path)


def test_a_stack_finds_its_ports_again(directory: StackDirectory) -> None:
    first = choose_ports(directory, ("kafka", "elasticsearch"))

    assert choose_ports(directory, ("elasticsearch", "kafka")) == first
    assert len(set(first.values())) == 2


def test_a_port_that_another_has_now_is_replaced(directory: StackDirectory) -> None:
    before = choose_ports(directory, ("kafka", "elasticsearch"))
    with socket.create_server((LOOPBACK, before["kafka"])):
        now = choose_ports(directory, ("kafka", "elasticsearch"))

    assert now["kafka"] not in before.values()
    assert now["elasticsearch"] == before["elasticsearch"]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"kafka": "x"}', b'{"kafka": null}'])
def test_a_file_that_is_not_legible_counts_as_none(directory: StackDirectory, content: bytes) -> None:
    directory.run.mkdir()
    directory.ports.write_bytes(content)

    ports = choose_ports(directory, ("kafka",))

    assert json.loads(directory.ports.read_text()) == ports


def test_a_taken_port_is_told_from_an_address_that_is_not_here() -> None:
    port = free_port()
    assert listen_problem(LOOPBACK, port) is None
    with socket.create_server((LOOPBACK, port)):
        taken = listen_problem(LOOPBACK, port)
    elsewhere = listen_problem("192.0.2.1", port)

    assert taken is not None and is_taken(taken)
    assert elsewhere is not None and not is_taken(elsewhere)


def test_nobody_listens_on_a_free_port() -> None:
    assert listener(free_port()) is None
