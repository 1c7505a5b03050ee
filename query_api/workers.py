"""The service as several processes that accept connections on one socket, under uvicorn's own supervisor.

    parent ── binds the port, starts the workers, starts one anew that was killed, ends them
      ├─ worker ── a log and an index of its own, all routes
      └─ worker

Nothing has to be told from one to another: what is written goes through the log, which each worker reads before it
answers, and alerts are delivered by whoever owns them there. Counted by each for itself are the rates of clients and
the listeners of `GET /stream`; `GET /metrics` adds up all of them.
"""

import multiprocessing
import os
import shutil
import signal
import tempfile
from functools import partial
from threading import Thread

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from query_api.app import INDEX_PATIENCE_S, create_app
from query_api.request_metrics import SHARED_DIRECTORY
from query_api.server import server_config
from query_api.settings import ApiSettings
from starting import opening
from video_index import open_index

logs = event_logger("query_api")

_ENDS_WITHIN_S = 8
"""After the answers under way, which have five seconds, a worker has nothing more to do."""


class SeveralProcesses:
    """A `Server` of `API_WORKERS` processes, all with the settings that this one has read."""

    def __init__(self, settings: ApiSettings) -> None:
        config = server_config(partial(worker, settings), settings, factory=True, workers=settings.api_workers)
        self._supervisor = _Supervisor(config)

    def run(self) -> None:
        """See `Server`. Raises SystemExit as well when a worker ended by itself."""
        with tempfile.TemporaryDirectory(prefix="topicreel-metrics-", ignore_cleanup_errors=True) as directory:
            os.environ[SHARED_DIRECTORY] = directory
            self._supervisor.run()
        if self._supervisor.exit_code:
            raise SystemExit(self._supervisor.exit_code)

    def end(self) -> None:
        """See `Server`."""
        self._supervisor.should_exit.set()


class _Supervisor(Multiprocess):
    """uvicorn's, which looks for signals between two looks at its workers, so that no look may wait for one.

    Its own asks each worker whether it hangs, which takes as long as that worker takes to start or to be found hung.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config, [config.bind_socket()])
        self.exit_code = 0
        # As with one process: the number of workers is a setting.
        for number in (signal.SIGTTIN, signal.SIGTTOU):
            signal.signal(number, signal.SIG_DFL)

    def keep_subprocess_alive(self) -> None:
        """Starts a worker anew that was killed. One that ended by itself would do so again: the service ends."""
        for place, ended in enumerate(self.processes):
            if ended.process.is_alive() or self.should_exit.is_set():
                continue
            ended.join()
            logs.warning("worker_ended", process=ended.pid, exit_code=ended.exitcode)
            if (ended.exitcode or 0) > 0:
                self.exit_code = ended.exitcode or 0
                self.should_exit.set()
                return
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def join_all(self) -> None:
        """Waits for the workers, but not for one that hangs."""
        for each in self.processes:
            each.process.join(_ENDS_WITHIN_S)
            if each.process.is_alive():
                logs.warning("worker_killed", process=each.pid)
                each.process.kill()
                each.process.join()

    def handle_hup(self) -> None:
        """The terminal is gone, and the service ends with it, as with one process."""
        self.handle_term()


def worker(settings: ApiSettings) -> FastAPI:
    """The service of one worker. Its log and index are open until the process ends."""
    Thread(target=_end_with_parent, name="parent", daemon=True).start()
    configure_logging("query_api", settings.level)
    with opening(logs):
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        index = open_index(settings, timeout_s=INDEX_PATIENCE_S)
        return create_app(settings, open_log(settings), index, vault)


def _end_with_parent() -> None:
    """A worker whose parent was killed would keep the port from the next one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(os.environ[SHARED_DIRECTORY], ignore_errors=True)
        os._exit(1)
