"""The embedded stack: producer, processor and query API as threads of one process, on a log and an index in files.

The API has the main thread, where signals arrive. With several `API_WORKERS` these answer in processes of their own,
which read the index that this one writes. When any of the three ends on its own the process ends with an error, so
that whoever watches over it starts all of them anew.
"""

import sys
import threading
from collections.abc import Callable

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from processor import embedded as processor
from producer import service as producer
from producer.settings import ProducerSettings
from query_api.app import create_app
from query_api.server import OneProcess, Server
from query_api.settings import ApiSettings
from query_api.workers import SeveralProcesses
from starting import opening
from video_index import open_index

logs = event_logger("embedded")


class _Service(threading.Thread):
    """Runs one service until `stop` is set; calls `end_all` when it ends before."""

    def __init__(
        self, name: str, work: Callable[[], None], stop: threading.Event, end_all: Callable[[], None]
    ) -> None:
        super().__init__(name=name)
        self._work = work
        self._stop_asked = stop
        self._end_all = end_all
        self.failed = False

    def run(self) -> None:
        """The thread's work."""
        try:
            self._work()
        except Exception:  # the last place to catch it: an exception in a thread ends no process
            logs.exception("service_failed", service=self.name)
        if not self._stop_asked.is_set():
            logs.error("service_ended", service=self.name)
            self.failed = True
            self._end_all()


def main() -> int:
    """Runs all of it until SIGTERM or SIGINT; the exit code. Raises what `opening` does."""
    configure_logging("embedded")
    with opening(logs):
        settings, producer_settings = ApiSettings.read(), ProducerSettings.read()
        configure_logging("embedded", settings.level)
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        log, index = open_log(settings), open_index(settings)
    stop = threading.Event()
    with log, index:
        server: Server = (
            OneProcess(create_app(settings, log, index, vault), settings)
            if settings.api_workers == 1
            else SeveralProcesses(settings)
        )
        services = [
            _Service("producer", lambda: producer.run(producer_settings, log, index, vault, stop), stop, server.end),
            _Service("processor", lambda: processor.run(log, index, stop), stop, server.end),
        ]
        _run(server, services, stop)
    return 1 if any(service.failed for service in services) else 0


def _run(server: Server, services: list[_Service], stop: threading.Event) -> None:
    for service in services:
        service.start()
    try:
        # Ends the process with an error, by SystemExit, when it cannot listen.
        server.run()
    finally:
        stop.set()
        for service in services:
            service.join()


if __name__ == "__main__":
    sys.exit(main())
