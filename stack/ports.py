"""Ports for the parts. Everything listens on the loopback address."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below the ranges that Linux (32768-60999) and macOS (49152-65535) hand to outgoing connections: a part that is
# restarted finds its port as it left it.
_LOWEST = 20_000
_HIGHEST = 32_000
_ATTEMPTS = 200


class NoFreePortError(Exception):
    """No free port was found between 20000 and 32000."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections in TIME_WAIT, left by the run before, do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(taken: frozenset[int] | set[int] = frozenset()) -> int:
    """A port that nobody listens on now and that is not in `taken`. Raises NoFreePortError."""
    for _ in range(_ATTEMPTS):
        port = random.randint(_LOWEST, _HIGHEST)
        if port not in taken and is_free(port):
            return port
    raise NoFreePortError(f"no free port between {_LOWEST} and {_HIGHEST} after {_ATTEMPTS} attempts")
