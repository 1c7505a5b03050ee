"""The HTTP client. The only module that imports httpx: the day another client takes its place, it changes here."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from producer.errors import UnavailableError

_CONNECT_TIMEOUT_S = 5.0
_SILENCE_TIMEOUT_S = 10.0
_WHOLE_ANSWER_S = 30.0
_MAX_BODY_BYTES = 16 * 1024 * 1024

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status and the whole body."""

    status: int
    body: bytes


class HttpClient:
    """Sends GET requests over kept connections. `transport` takes the place of the network in tests.

    Redirects are not followed: a header with a secret would go to wherever they point.
    """

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        timeout = httpx.Timeout(_SILENCE_TIMEOUT_S, connect=_CONNECT_TIMEOUT_S)
        self._client = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)

    def get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Raises UnavailableError when none came whole and in time.

        No longer than 5 s are waited for a connection, 10 s for the next bytes and 30 s for all of them.
        """
        deadline = time.monotonic() + _WHOLE_ANSWER_S
        body = bytearray()
        try:
            with self._client.stream("GET", url, params=params, headers=headers) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _MAX_BODY_BYTES or time.monotonic() > deadline:
                        raise UnavailableError("the answer is endless or too slow", sent=True)
                return Answer(response.status_code, bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"{type(error).__name__}: {error}"
            raise UnavailableError(reason, sent=not isinstance(error, _NEVER_SENT)) from error

    def close(self) -> None:
        """Closes the kept connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
