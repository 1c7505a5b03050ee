"""Several processes on one port, as people start them."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from event_log.embedded import EmbeddedLog
from schemas import utc_now
from stack.loopback import get
from stack.ports import LOOPBACK, listen_problem
from stack.process import wait_until
from tests.processor.records import a_context, a_raw, an_item
from tests.query_api.running import Running, ended
from tests.video_index.contract import a_video, fill
from video_index.embedded import EmbeddedIndex

WORKERS = 2
ASKED = 40
"""Connections; that one of the workers takes none of them is out of the question."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    EmbeddedLog(tmp_path / "data" / "log.sqlite").close()
    EmbeddedIndex(tmp_path / "data" / "index").close()
    with started(tmp_path, "query_api") as running:
        yield running


@contextmanager
def started(directory: Path, module: str) -> Iterator[Running]:
    """A process and its workers, which end with it."""
    running = Running(directory, module, API_WORKERS=str(WORKERS), SUBJECTS="", YOUTUBE_API_KEYS="")
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)


def workers(running: Running) -> list[psutil.Process]:
    """Those that accept connections; the parent only binds the port."""
    return [child for child in psutil.Process(running.process.pid).children() if _is_worker(child)]


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:  # it has just died
        return False


def answers(running: Running, path: str) -> list[Any]:
    """Of as many connections, one after another."""
    found = [get(running.url + path) for _ in range(ASKED)]
    assert {answer and answer.status for answer in found} == {200}
    return [json.loads(answer.body) for answer in found if answer is not None]


def test_all_of_them_find_what_another_process_has_just_indexed(running: Running, tmp_path: Path) -> None:
    assert len(workers(running)) == WORKERS
    with EmbeddedIndex(tmp_path / "data" / "index") as index:
        for number in range(1, 4):
            fill(index, [a_video(f"{number}")])

            assert {page["total"]["value"] for page in answers(running, "/search")} == {number}


def test_all_of_them_know_what_one_was_told(running: Running) -> None:
    for number in range(1, 4):
        running.post("/subjects", {"query": f"cats {number}"})

        assert {len(known) for known in answers(running, "/subjects")} == {number}


def test_metrics_are_of_all_of_them(running: Running) -> None:
    answers(running, "/search")

    told = [get(f"{running.url}/metrics") for _ in range(WORKERS)]

    line = f'topicreel_api_requests_total{{method="GET",route="/search",status="200"}} {ASKED}.0'
    assert all(answer is not None and line in answer.body.decode().splitlines() for answer in told)


def test_one_that_dies_is_replaced(running: Running) -> None:
    [victim, other] = workers(running)

    victim.kill()

    assert wait_until(lambda: len(workers(running)) == WORKERS and victim not in workers(running), 60)
    assert other in workers(running)
    assert answers(running, "/search")


def test_none_outlives_the_parent(running: Running) -> None:
    family = workers(running)

    assert running.end(signal.SIGKILL) == -signal.SIGKILL

    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    assert listen_problem(LOOPBACK, running.port) is None


def test_one_that_replaces_another_has_the_settings_of_the_others(tmp_path: Path) -> None:
    settings = tmp_path / ".env"
    settings.write_text("ADMIN_TOKEN=token-of-the-first-start-1\n")
    with started(tmp_path, "query_api") as running:
        settings.write_text("ADMIN_TOKEN=token-of-a-later-start-2\n")
        [victim, _] = workers(running)
        victim.kill()
        assert wait_until(lambda: len(workers(running)) == WORKERS and victim not in workers(running), 60)

        assert {posted(running, "token-of-the-first-start-1") for _ in range(ASKED)} == {200, 201}


def posted(running: Running, token: str) -> int:
    """The status of a change."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with httpx2.Client(trust_env=False) as client:
        return client.post(f"{running.url}/subjects", json={"query": "cats"}, headers=headers).status_code


def test_a_signal_is_heard_while_a_worker_hangs_and_another_starts(running: Running) -> None:
    [hung, killed] = workers(running)
    hung.suspend()
    killed.kill()
    assert wait_until(lambda: killed not in workers(running), 60)

    assert running.end(signal.SIGTERM) == 0

    assert not hung.is_running()


def test_all_of_them_end_when_one_cannot_start(running: Running, tmp_path: Path) -> None:
    (tmp_path / "data" / "log.sqlite").write_bytes(b"no longer a log")
    workers(running)[0].kill()

    assert running.process.wait(60) > 0


def test_a_stream_ends_promptly_with_them(running: Running) -> None:
    with socket.create_connection((LOOPBACK, running.port), timeout=10) as page:
        page.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = page.recv(65_536)

        assert running.end(signal.SIGTERM) == 0

        told += b"".join(iter(lambda: page.recv(65_536), b""))
    assert told.endswith(b"\r\n0\r\n\r\n")
    assert "Traceback" not in running.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_all_of_them_end_with_the_parent(running: Running, number: signal.Signals) -> None:
    family = workers(running)

    assert running.end(number) == 0

    assert not any(worker.is_running() for worker in family)
    assert "Traceback" not in running.log.read_text()


def test_a_port_that_is_taken_is_refused(running: Running, tmp_path: Path) -> None:
    refused = ended(tmp_path, API_PORT=str(running.port), API_WORKERS="2")

    assert refused.returncode == 3
    assert "Address already in use" in refused.stderr


def test_beside_the_one_writer_of_the_embedded_stack(tmp_path: Path) -> None:
    with started(tmp_path, "stack.embedded") as running:
        assert len(workers(running)) == WORKERS
        with EmbeddedLog(tmp_path / "data" / "log.sqlite") as log:
            log.append([a_raw(an_item(), a_context(fetched_at=utc_now()))])

        assert wait_until(lambda: any(page["total"]["value"] for page in answers(running, "/search")), 30)
        assert {page["total"]["value"] for page in answers(running, "/search")} == {1}
        assert running.end(signal.SIGTERM) == 0
        assert "Traceback" not in running.log.read_text()
