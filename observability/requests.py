"""Which request a piece of work belongs to: a name that follows it through coroutines and threads."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_current: ContextVar[str | None] = ContextVar("request", default=None)


def request_id(given: str | None) -> str:
    """The id that a caller gave, if nobody's log lines or headers are harmed by it; else a new one."""
    return given if given is not None and _SANE.fullmatch(given) else secrets.token_hex(16)


@contextmanager
def working_on(request: str) -> Iterator[None]:
    """Until it ends, every log line of this coroutine, and of the threads it hands work to, names the request."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)


def current_request() -> str | None:
    """The id of the request that is worked on here, if any."""
    return _current.get()
