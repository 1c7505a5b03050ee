"""The service as several processes that accept connections on one socket, under uvicorn's own supervisor.

    parent ── binds the port, starts the workers, starts one anew that died or hangs, ends them
      ├─ worker ── a log and an index of its own, all routes
      └─ worker

Nothing has to be told from one to another: what is written goes through the log, which each worker reads before it
answers, and alerts are delivered by whoever owns them there. Counted by each for itself are the rates of clients and
the listeners of `GET /stream`; `GET /metrics` adds up all of them.
"""

import multiprocessing
import os
import tempfile
from threading import Thread

from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from query_api.app import create_app
from query_api.request_metrics import SHARED_DIRECTORY
from query_api.server import server_config
from query_api.settings import ApiSettings
from starting import opening
from video_index import open_index

logs = event_logger("query_api")

_HUNG_AFTER_S = 30
"""A worker that says nothing for so long is replaced. On a busy machine its start alone takes seconds."""


class SeveralProcesses:
    """A `Server` of `API_WORKERS` processes, each of which reads the settings as this one did."""

    def __init__(self, settings: ApiSettings) -> None:
        config = server_config(
            "query_api.workers:worker",
            settings,
            factory=True,
            workers=settings.api_workers,
            timeout_worker_healthcheck=_HUNG_AFTER_S,
        )
        self._supervisor = Multiprocess(config, [config.bind_socket()])

    def run(self) -> None:
        """See `Server`."""
        with tempfile.TemporaryDirectory(prefix="topicreel-metrics-") as directory:
            os.environ[SHARED_DIRECTORY] = directory
            self._supervisor.run()

    def end(self) -> None:
        """See `Server`."""
        self._supervisor.should_exit.set()


def worker() -> FastAPI:
    """The service of one worker. Its log and index are open until the process ends."""
    Thread(target=_end_with_parent, name="parent", daemon=True).start()
    configure_logging("query_api")
    with opening(logs):
        settings = ApiSettings.read()
        configure_logging("query_api", settings.level)
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        return create_app(settings, open_log(settings), open_index(settings), vault)


def _end_with_parent() -> None:
    """A worker whose parent was killed would keep the port from the next one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
