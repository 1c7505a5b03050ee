"""Ports for the parts."""

import errno
import json
import random
import socket

import psutil

from stack.directory import StackDirectory, write_whole

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - read, not used

# Below the ranges that Linux (32768-60999) and macOS (49152-65535) hand to outgoing connections: a part that is
# restarted finds its port as it left it.
_LOWEST = 20_000
_HIGHEST = 32_000
_ATTEMPTS = 200


class NoFreePortError(Exception):
    """No free port was found between 20000 and 32000."""


def listen_problem(host: str, port: int) -> OSError | None:
    """Why a server cannot listen there now, or None when it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As servers do: connections in TIME_WAIT, left by the run before, do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def is_taken(problem: OSError) -> bool:
    """Whether the problem is that another server listens there."""
    return problem.errno == errno.EADDRINUSE


def listener(port: int) -> psutil.Process | None:
    """Who listens on the port, where the system tells."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid is not None:
                return psutil.Process(connection.pid)
    except psutil.Error:
        # macOS tells only root.
        return None
    return None


def free_port(taken: frozenset[int] | set[int] = frozenset()) -> int:
    """A port that nobody listens on now and that is not in `taken`. Raises NoFreePortError."""
    for _ in range(_ATTEMPTS):
        port = random.randint(_LOWEST, _HIGHEST)
        if port not in taken and listen_problem(LOOPBACK, port) is None:
            return port
    raise NoFreePortError(f"no free port between {_LOWEST} and {_HIGHEST} after {_ATTEMPTS} attempts")


def choose_ports(directory: StackDirectory, names: tuple[str, ...]) -> dict[str, int]:
    """A free port for each name: the one it had before where that is still free. Remembers them."""
    before = _remembered(directory)
    ports: dict[str, int] = {}
    for name in names:
        port = before.get(name)
        taken = set(ports.values())
        if port is None or port in taken or listen_problem(LOOPBACK, port) is not None:
            port = free_port(taken | set(before.values()))
        ports[name] = port
    write_whole(directory.ports, json.dumps({**before, **ports}, indent=2) + "\n")
    return ports


def _remembered(directory: StackDirectory) -> dict[str, int]:
    """Ports are only remembered for comfort, so a file that is not legible counts as none."""
    try:
        content = json.loads(directory.ports.read_text())
        return {str(name): int(port) for name, port in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
