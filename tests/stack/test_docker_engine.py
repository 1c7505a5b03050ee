"""An engine that cannot carry the stack is recognised before anything starts."""

import os
import socket
from pathlib import Path

import pytest

from stack.docker_engine import check_ports, problem, shortage
from stack.errors import RefusedError

GIB = 1024**3


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that holds all programs there are."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def a_docker(programs: Path, script: str) -> None:
    """A command that answers as Docker's does, so far as it is asked here."""
    docker = programs / "docker"
    docker.write_text(f"#!/bin/sh\n{script}\n")
    docker.chmod(0o755)


def test_no_command(programs: Path) -> None:
    assert problem() == "there is no docker command"


def test_no_engine(programs: Path) -> None:
    a_docker(programs, "echo 'Cannot connect to the Docker daemon' >&2; exit 1")

    assert problem() == "no Docker engine answers"


def test_an_engine_that_this_user_may_not_talk_to(programs: Path) -> None:
    a_docker(programs, "echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1")

    assert "this user may not talk to the Docker engine" in str(problem())


def test_an_engine_without_compose(programs: Path) -> None:
    a_docker(
        programs, '[ "$1" = version ] && exit 0; echo "docker: \'compose\' is not a docker command." >&2; exit 1'
    )

    assert "no compose plugin" in str(problem())
    assert "docker-compose-v2" in str(problem())


@pytest.mark.parametrize("version", ["25.0.0", "26.1.5+dfsg1", "29.0.0-rc.1"])
def test_an_engine_with_all_that_is_needed(programs: Path, version: str) -> None:
    a_docker(programs, f"echo {version}")

    assert problem() is None


def test_an_engine_that_is_too_old_is_named_with_its_version(programs: Path) -> None:
    a_docker(programs, "echo 20.10.24+dfsg1")

    assert problem() == "the Docker engine is of version 20.10.24+dfsg1, and 25 or newer is needed"


def test_an_engine_with_room_lacks_nothing() -> None:
    assert shortage({"MemTotal": 8 * GIB, "DockerRootDir": "/var/lib/docker"}, 50 * GIB) is None


def test_too_little_memory_is_named_with_what_to_do() -> None:
    said = str(shortage({"MemTotal": GIB}, None))

    assert "1.0 GiB of memory" in said
    assert "Docker Desktop: Settings, Resources" in said


def test_a_full_disk_is_named_with_its_place() -> None:
    said = str(shortage({"MemTotal": 8 * GIB, "DockerRootDir": "/var/lib/docker"}, GIB // 2))

    assert "/var/lib/docker" in said
    assert "0.5 GiB free" in said


def test_a_port_that_is_taken_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(RefusedError, match=f"port {port} is in use.*KIBANA_PORT"):
            check_ports({**os.environ, "KIBANA_PORT": str(port)}, ("KIBANA_PORT",))
