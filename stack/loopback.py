"""Asks servers on this machine whether they answer."""

import http.client
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass

from stack.ports import LOOPBACK

_PATIENCE_S = 2.0

# Proxies are for the network: `http_proxy` in the environment must not catch what goes to this machine itself.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer of any status."""

    status: int
    body: bytes


def get(url: str, timeout_s: float = _PATIENCE_S) -> Answer | None:
    """The answer to a GET, or None when there was none in time."""
    try:
        with _OPENER.open(url, timeout=timeout_s) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())
    except (OSError, http.client.HTTPException):
        return None


def listens(port: int) -> bool:
    """Whether a server accepts connections on the port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_S):
            return True
    except OSError:
        return False


def api_answers(api_url: str) -> bool:
    """Whether the query API is ready, or, where it does not tell readiness, alive."""
    answer = get(f"{api_url}/readyz")
    if answer is not None and answer.status == 404:
        answer = get(f"{api_url}/healthz")
    return answer is not None and answer.status == 200
