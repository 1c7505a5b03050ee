"""Ends the producer at a chosen write or call, as a power cut would."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from event_log import EventLog, LogUnavailableError, NewRecord
from producer.http import httpx

T = TypeVar("T")


class Crash(BaseException):
    """No `except Exception` holds it up."""


class Points:
    """Counts the writes to the log and the calls to YouTube; at number `at` it raises, before or after it is done."""

    def __init__(self, at: int = 0, when: str = "before", error: Callable[[], BaseException] = Crash) -> None:
        self.count = 0
        self._at = at
        self._when = when
        self._error = error

    def around(self, action: Callable[[], T]) -> T:
        self.count += 1
        chosen = self.count == self._at
        if chosen and self._when == "before":
            raise self._error()
        result = action()
        if chosen and self._when == "after":
            raise self._error()
        return result


class WatchedLog:
    """An `EventLog` around a real one; every append is a point."""

    def __init__(self, inner: EventLog, points: Points) -> None:
        self._inner = inner
        self._points = points

    def append(self, records: Sequence[NewRecord]) -> None:
        self._points.around(lambda: self._inner.append(records))

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


class FailingLog:
    """An `EventLog` around a real one that is away while `away` says so of the call's name and records."""

    def __init__(self, inner: EventLog, away: Callable[[str, Sequence[NewRecord]], bool]) -> None:
        self._inner = inner
        self._away = away

    def append(self, records: Sequence[NewRecord]) -> None:
        self._fail_if_away("append", records)
        self._inner.append(records)

    def check(self) -> None:
        self._fail_if_away("check", ())
        self._inner.check()

    def create_topics(self, topics) -> None:
        self._fail_if_away("create_topics", ())
        self._inner.create_topics(topics)

    def reader(self, topics: Sequence[str]) -> "FailingReader":
        self._fail_if_away("reader", ())
        return FailingReader(self._inner.reader(topics), lambda: self._fail_if_away("read", ()))

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def _fail_if_away(self, call: str, records: Sequence[NewRecord]) -> None:
        if self._away(call, records):
            raise LogUnavailableError("the log is away")


class FailingReader:
    def __init__(self, inner, check: Callable[[], None]) -> None:
        self._inner = inner
        self._check = check

    def read_to_end(self):
        self._check()
        return self._inner.read_to_end()

    def close(self) -> None:
        self._inner.close()


def watched(handler: Callable[[httpx.Request], httpx.Response], points: Points):
    """The transport's handler; every call is a point."""
    return lambda request: points.around(lambda: handler(request))
