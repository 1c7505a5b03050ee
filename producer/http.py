"""The HTTP client, and the only place that imports httpx, tests included: another client would be taken here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx

from producer.errors import UnavailableError

_MAX_BODY_BYTES = 16 * 1024 * 1024

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status, the whole body, and when the other side says that was."""

    status: int
    body: bytes
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class HttpTimeouts:
    """Seconds to wait for a connection, for the next bytes, and for the whole answer."""

    connection: float = 5.0
    next_bytes: float = 10.0
    whole_answer: float = 30.0


class HttpClient:
    """Sends GET requests over kept connections. `transport` takes the place of the network in tests.

    Redirects are not followed: a header with a secret would go to wherever they point. Inside it is asynchronous,
    because only there a deadline holds for all of an answer, a header that comes byte by byte included.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport | None = None, timeouts: HttpTimeouts | None = None
    ) -> None:
        self._timeouts = timeouts or HttpTimeouts()
        timeout = httpx.Timeout(self._timeouts.next_bytes, connect=self._timeouts.connection)
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False)
        self._runner = asyncio.Runner()

    def get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Raises UnavailableError when none came whole and in time."""
        try:
            return self._runner.run(self._get(url, params, headers))
        except TimeoutError as error:
            raise UnavailableError("the answer was too slow", sent=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"{type(error).__name__}: {error}"
            raise UnavailableError(reason, sent=not isinstance(error, _NEVER_SENT)) from error

    async def _get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        body = bytearray()
        async with (
            asyncio.timeout(self._timeouts.whole_answer),
            self._client.stream("GET", url, params=params, headers=headers) as response,
        ):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MAX_BODY_BYTES:
                    raise UnavailableError("the answer is endless", sent=True)
        return Answer(response.status_code, bytes(body), _date(response.headers.get("Date")))

    def close(self) -> None:
        """Closes the kept connections."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _date(header: str | None) -> datetime | None:
    try:
        date = None if header is None else parsedate_to_datetime(header)
    except ValueError:
        return None
    return date if date is not None and date.tzinfo is not None else None
