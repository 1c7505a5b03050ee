"""Calls on the log, in threads of their own: Kafka takes long to be away, and searches need the threads of requests.

request ─► known to be away? ─ yes ─► the view of the producer looks, one at a time ─ still away ─► refused
                │ no                                 └ back ┐
                └────────────────────────────────────────► a thread ─► answer, or refused after some seconds

Changes have threads of their own. Anybody may read as often as they like, and those who may change something must not
wait behind them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from event_log import LogUnavailableError
from query_api.outage import Outage
from query_api.producer_view import ProducerView
from schemas import utc_now

P = ParamSpec("P")
T = TypeVar("T")

_READING_THREADS = 8
_CHANGING_THREADS = 4
"""Most calls take turns at a table anyway: a change there with as many who read as have threads."""

_PATIENCE_S = 3.0


class LogCalls:
    """Makes calls for the requests of one event loop; `outage` is shared with `view`, which notices its end."""

    def __init__(self, view: ProducerView, outage: Outage, patience_s: float = _PATIENCE_S) -> None:
        self._view = view
        self._outage = outage
        self._patience_s = patience_s
        self._reading = ThreadPoolExecutor(_READING_THREADS, "log-read")
        self._changing = ThreadPoolExecutor(_CHANGING_THREADS, "log-change")

    async def read(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` gives. Raises what it does, and LogUnavailableError when it takes too long, or at once while
        the log is known to be away."""
        return await self._made(self._reading, lambda: call(*args, **kwargs), to_its_end=False)

    async def change(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The same, but what has begun is waited for: whether anything was written has to be told."""
        return await self._made(self._changing, lambda: call(*args, **kwargs), to_its_end=True)

    def close(self) -> None:
        """Begins nothing any more; what is under way ends by itself."""
        for threads in (self._reading, self._changing):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _made(self, threads: ThreadPoolExecutor, call: Callable[[], T], *, to_its_end: bool) -> T:
        if self._outage.since is not None:
            await self._refuse_while_away()
        asked = utc_now()
        made = threads.submit(copy_context().run, call)
        answer = asyncio.wrap_future(made)
        done, _ = await asyncio.wait([answer], timeout=self._patience_s)
        if not done:
            never_began = made.cancel()
            if not never_began:  # else the threads were taken, which says nothing of the log
                self._outage.began(asked)
            if never_began or not to_its_end:
                answer.cancel()
                raise LogUnavailableError(f"no answer for {self._patience_s:g} s")
        try:
            return await answer
        except LogUnavailableError:
            self._outage.began()
            raise

    async def _refuse_while_away(self) -> None:
        seen = await self._view.seen()
        if seen.log_away_since is not None:
            raise LogUnavailableError(f"away since {seen.log_away_since:%Y-%m-%dT%H:%M:%SZ}")
