"""The end of the service: nothing stays open, and a log that does not answer holds up nothing."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from event_log import Reader
from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from query_api.alerts import Alerts
from query_api.control import Control
from query_api.outage import Outage
from query_api.producer_view import ProducerView
from tests.query_api.service import serving
from tests.query_api.test_log_calls import QUICK_S, HangingLog
from tests.video_index.contract import await_condition


class CountingLog(EmbeddedLog):
    """A log that knows which of its readers are open."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.open: list[object] = []
        self.opened = 0

    def reader(self, topics: Sequence[str]) -> Reader:
        reader = _CountedReader(super().reader(topics), self.open)
        self.opened += 1
        return reader  # type: ignore[return-value]


class _CountedReader:
    """A reader that is told of when it is closed."""

    def __init__(self, reader: Reader, open_ones: list[object]) -> None:
        self._reader = reader
        self._open = open_ones
        open_ones.append(self)

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)

    def close(self) -> None:
        self._open.remove(self)
        self._reader.close()


def test_no_reader_stays_open_behind_the_end(tmp_path: Path) -> None:
    log = CountingLog(tmp_path / "log.sqlite")
    with serving(tmp_path, given_log=log) as service:
        service.index.ensure()
        for path in ("/subjects", "/api_keys", "/alerts", "/status", "/metrics"):
            assert service.client.get(path).status_code == 200

    assert log.opened >= 4
    assert log.open == []


@pytest.mark.parametrize("part", ["view", "control", "alerts"])
def test_a_log_that_hangs_holds_up_no_end(tmp_path: Path, part: str) -> None:
    log = HangingLog(tmp_path / "log.sqlite")
    log.answers.clear()
    asks, close = _part(log, part, tmp_path)
    with log, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(asks)
        await_condition(lambda: log.asked > 0)
        began = time.monotonic()

        close()

        assert time.monotonic() - began < QUICK_S
        log.answers.set()
        asked.result()


def _part(log: HangingLog, part: str, directory: Path) -> tuple[Callable[[], object], Callable[[], None]]:
    """What makes a part of the service read, and what closes it."""
    if part == "view":
        view = ProducerView(log, Outage(), patience_s=0.1)
        return view.look, view.close
    if part == "control":
        control = Control(log, KeyVault.open(directory), None)
        return control.subjects, control.close
    alerts = Alerts(log, KeyVault.open(directory))
    return alerts.all, alerts.close
