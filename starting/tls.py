"""Finds out whether a port speaks TLS: one that does just hangs up on a client that does not."""

import socket
import ssl

_TIMEOUT_S = 2.0


def speaks_tls(address: str) -> bool:
    """Whether a `host:port` answers a TLS handshake; waits up to two seconds for each step of it."""
    host, _, port = address.strip().rpartition(":")
    context = ssl.create_default_context()
    # Nothing is sent and nothing believed: who it is does not matter.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return True
    except (OSError, ValueError):
        return False
