"""Two producers on one log: one polls, the other takes over when it dies. Real processes, a real YouTube stand-in."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import EventLog
from event_log.embedded import EmbeddedLog
from event_log.kafka import KafkaLog
from producer.state import Notebook
from schemas import ALL_TOPICS, RAW
from tests.producer.scripted import KEYS, read_all

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
TAKE_OVER_S = 15.0


class Process:
    """A process whose log lines can be waited for."""

    def __init__(self, directory: Path, name: str, *arguments: str, **environment: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.output = directory / f"{name}.log"
        with self.output.open("w") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=directory,
                env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, pattern: str, within_s: float = PATIENCE_S) -> re.Match[str]:
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if found := re.search(pattern, self.output.read_text()):
                return found
            assert self.popen.poll() is None, self.output.read_text()
            time.sleep(0.1)
        raise AssertionError(f"{pattern} within {within_s} s: {self.output.read_text()}")

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.output.read_text()) is not None

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGCONT)
            self.popen.send_signal(number)
        self.popen.wait(30)


@pytest.fixture
def emulator(tmp_path) -> Iterator[str]:
    """Base URL of a YouTube in which a video comes every second."""
    process = Process(
        tmp_path / "youtube",
        "youtube",
        "youtube_emulator",
        "--port",
        "0",
        "--made-up-every",
        "1",
        "--searches-per-day",
        "9999",
    )
    yield process.wait_for(r"http://\S+")[0]
    process.end()


@pytest.fixture(params=["embedded", "kafka"])
def settings(request, tmp_path, emulator) -> dict[str, str]:
    common = {
        "YOUTUBE_API_URL": emulator,
        "YOUTUBE_API_KEYS": KEYS[0],
        "SUBJECTS": "cooking;football",
        "POLL_INTERVAL": "2",
        "SEARCHES_PER_DAY": "9999",
        "DATA_DIR": str(tmp_path / "data"),
        "ELASTICSEARCH_URL": "http://127.0.0.1:9",
    }
    if request.param == "embedded":
        return common | {"STACK": "embedded"}
    broker = request.getfixturevalue("kafka_broker")
    return common | {"STACK": "native", "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers}


def open_log(settings: dict[str, str]) -> EventLog:
    if settings["STACK"] == "embedded":
        return EmbeddedLog(Path(settings["DATA_DIR"]) / "log.sqlite")
    return KafkaLog(settings["KAFKA_BOOTSTRAP_SERVERS"])


def suspend(process: Process, settings: dict[str, str]) -> None:
    """Suspends a producer while it does not hold the lock of the embedded log: nobody could write otherwise."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        process.popen.send_signal(signal.SIGSTOP)
        if settings["STACK"] != "embedded" or is_free(Path(settings["DATA_DIR"]) / "log.sqlite"):
            return
        process.popen.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("the log was locked whenever it was looked at")


def is_free(file: Path) -> bool:
    connection = sqlite3.connect(file, timeout=0.2, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_the_second_takes_over_from_one_that_is_killed_or_suspended(settings, tmp_path):
    with open_log(settings) as log:
        log.create_topics(ALL_TOPICS)
    first = Process(tmp_path / "first", "first", "producer", **settings)
    first.wait_for("poll_finished")
    second = Process(tmp_path / "second", "second", "producer", **settings)
    third = None
    try:
        second.wait_for("standing_by")
        first.wait_for("(?s)(poll_finished.*){6}")
        assert not second.says("poll_finished")

        killed = time.monotonic()
        first.end(signal.SIGKILL)
        second.wait_for("poll_finished", TAKE_OVER_S)
        took = time.monotonic() - killed

        third = Process(tmp_path / "third", "third", "producer", **settings)
        third.wait_for("standing_by")
        suspend(second, settings)
        third.wait_for("poll_finished", 2 * TAKE_OVER_S)
        second.popen.send_signal(signal.SIGCONT)
        second.wait_for(r"ownership_lost|work_taken[\s\S]*standing_by")
        polls = second.output.read_text().count("poll_finished")
        third.wait_for("(?s)(poll_finished.*){6}")
        assert second.output.read_text().count("poll_finished") <= polls + 1
        assert took < TAKE_OVER_S
    finally:
        for process in (first, second, third):
            if process is not None:
                process.end()
    with open_log(settings) as log:
        assert_every_search_is_reserved(log)


def assert_every_search_is_reserved(log: EventLog) -> None:
    """No page is on the log that no ledger counted: each page of results was one reserved search."""
    notebook = Notebook(log)
    notebook.refresh()
    notebook.close()
    pages = {dict(record.headers)["ce_id"].rsplit(b"-", 1)[0] for record in read_all(log, RAW.name)}
    assert 0 < len(pages) <= sum(quota.searches for quota in notebook.quotas.values())
