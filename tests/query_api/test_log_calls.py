"""Requests while the log is away: searches are answered as ever, and the others at once or within some seconds."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx2
import pytest

from event_log import LogUnavailableError, NewRecord, Reader
from event_log.embedded import EmbeddedLog
from query_api.log_calls import LogCalls
from query_api.outage import Outage
from query_api.producer_view import ProducerView
from stack.ports import free_port
from stack.process import wait_until
from tests.query_api.service import problem, serving
from tests.query_api.test_server import running
from tests.video_index.contract import a_video, fill

CALLS = 200
QUICK_S = 6.0
"""Three seconds until an absence is noticed, and as many for a machine that does much else."""

REFUSED = ("/subjects", "/api_keys", "/alerts", "/subjects/x", "/api_keys/x", "/alerts/x")
ANSWERED = ("/status", "/metrics", "/readyz")


class HangingLog(EmbeddedLog):
    """A log that answers nobody while it hangs, and tells those who waited that it is away."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.answers = Event()
        self.answers.set()
        self.asked = 0

    def _answer(self) -> None:
        self.asked += 1
        if not self.answers.wait(30):
            raise LogUnavailableError("hangs")

    def reader(self, topics: Sequence[str]) -> Reader:
        self._answer()
        return _HangingReader(super().reader(topics), self)  # type: ignore[return-value]

    def append(self, records: Sequence[NewRecord]) -> None:
        self._answer()
        super().append(records)

    def check(self) -> None:
        self._answer()
        super().check()


class _HangingReader:
    """A reader that hangs with its log."""

    def __init__(self, reader: Reader, log: HangingLog) -> None:
        self._reader = reader
        self._log = log

    def __getattr__(self, name: str) -> object:
        if name != "close":
            self._log._answer()
        return getattr(self._reader, name)


@contextmanager
def crowd(address: str, paths: Sequence[str], count: int = CALLS) -> Iterator[list[Future[httpx2.Response]]]:
    """So many who ask at the same time, and wait as long as it takes."""
    unlimited = httpx2.Limits(max_connections=None)
    with (
        httpx2.Client(base_url=address, timeout=120, limits=unlimited) as client,
        ThreadPoolExecutor(count) as threads,
    ):
        yield [threads.submit(client.get, paths[number % len(paths)]) for number in range(count)]


def slowest_search(address: str, until: float) -> float:
    """The longest that one of the searches, one after the other until then, took."""
    slowest = 0.0
    with httpx2.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < until:
            began = time.monotonic()
            answer = client.get("/search", params={"q": "cats"})
            slowest = max(slowest, time.monotonic() - began)
            assert answer.json()["total"]["value"] == 1
    return slowest


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[tuple[HangingLog, str]]:
    """A log that hangs, and the address of a running service on it that has one video."""
    log = HangingLog(tmp_path / "log.sqlite")
    with serving(tmp_path, given_log=log, api_port=free_port()) as service:
        service.index.ensure()
        fill(service.index, [a_video("a", "cats")])
        with running(service) as port:
            log.answers.clear()
            yield log, f"http://127.0.0.1:{port}"
            log.answers.set()


def test_searches_are_answered_and_all_others_quickly_refused_while_the_log_hangs(
    hanging: tuple[HangingLog, str],
) -> None:
    _, address = hanging
    began = time.monotonic()
    with crowd(address, REFUSED) as asked:
        slowest = slowest_search(address, began + QUICK_S)
        took = [answer.result() for answer in asked]
        assert time.monotonic() - began < 2 * QUICK_S

    assert slowest < QUICK_S / 2
    for answer in took:
        assert "try again" in problem(answer, 503)["detail"]  # type: ignore[arg-type]
        assert answer.headers["retry-after"]


def test_what_is_known_is_told_quickly_while_the_log_hangs(hanging: tuple[HangingLog, str]) -> None:
    _, address = hanging
    began = time.monotonic()
    with crowd(address, ANSWERED) as asked:
        slowest = slowest_search(address, began + QUICK_S)
        assert {answer.result().status_code for answer in asked} == {200}
        assert time.monotonic() - began < 2 * QUICK_S

    assert slowest < QUICK_S / 2
    assert "away since" in httpx2.get(f"{address}/status").json()["reason"]
    assert httpx2.get(f"{address}/readyz").json()["status"] == "ready to read"


def test_once_it_is_known_to_be_away_calls_are_refused_at_once_and_do_not_reach_it(
    hanging: tuple[HangingLog, str],
) -> None:
    log, address = hanging
    httpx2.get(f"{address}/subjects", timeout=60)
    httpx2.get(f"{address}/status", timeout=60)
    reached = log.asked
    began = time.monotonic()
    with crowd(address, REFUSED) as asked:
        assert {answer.result().status_code for answer in asked} == {503}

    assert time.monotonic() - began < QUICK_S / 2
    # The alerts' own look, once a second, is the only one.
    assert log.asked - reached < QUICK_S


def test_when_it_is_back_calls_are_answered_again(hanging: tuple[HangingLog, str]) -> None:
    log, address = hanging
    assert httpx2.get(f"{address}/subjects", timeout=60).status_code == 503

    log.answers.set()

    assert wait_until(lambda: httpx2.get(f"{address}/subjects").status_code == 200, 10, lambda: False)
    assert "away since" not in (httpx2.get(f"{address}/status").json()["reason"] or "")


def test_a_change_that_has_begun_is_waited_for_and_one_that_has_not_is_never_made(tmp_path: Path) -> None:
    go, made = Event(), []

    def change(number: int) -> int:
        go.wait(20)
        made.append(number)
        return number

    async def changes() -> list[int | BaseException]:
        asked = [asyncio.create_task(calls.change(change, number)) for number in range(30)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        outage = Outage()
        calls = LogCalls(ProducerView(log, outage), outage, patience_s=0.1)
        answers = asyncio.run(changes())
        calls.close()

    refused = [answer for answer in answers if isinstance(answer, LogUnavailableError)]
    assert sorted(made) == sorted(answer for answer in answers if isinstance(answer, int))
    assert made
    assert len(refused) == len(answers) - len(made) > 0


def test_a_change_does_not_wait_for_those_who_read(tmp_path: Path) -> None:
    go = Event()

    async def change_while_others_read() -> int:
        reads = [asyncio.create_task(calls.read(go.wait, 20)) for _ in range(100)]
        await asyncio.sleep(0)  # each has begun
        try:
            return await calls.change(lambda: 1)
        finally:
            go.set()
            await asyncio.gather(*reads)

    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        outage = Outage()
        calls = LogCalls(ProducerView(log, outage), outage, patience_s=2.0)
        assert asyncio.run(change_while_others_read()) == 1
        calls.close()


def test_a_call_that_did_not_come_to_its_turn_says_nothing_of_the_log(tmp_path: Path) -> None:
    go = Event()

    async def ask() -> None:
        taken = [asyncio.create_task(calls.read(go.wait, 20)) for _ in range(30)]
        await asyncio.sleep(0)  # each has begun
        for each in taken:
            each.cancel()  # as when its client goes away, while its thread goes on
        with pytest.raises(LogUnavailableError):
            await calls.read(lambda: None)
        go.set()

    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        outage = Outage()
        calls = LogCalls(ProducerView(log, outage), outage, patience_s=0.1)
        asyncio.run(ask())
        calls.close()

    assert outage.since is None
