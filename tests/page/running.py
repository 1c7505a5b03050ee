"""The real service at a port of its own, on a log and an index in a directory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from query_api.app import create_app
from query_api.server import make_server
from query_api.settings import ApiSettings
from schemas import ALL_TOPICS
from stack.ports import free_port
from stack.process import wait_until
from video_index.embedded import EmbeddedIndex

_STARTS_WITHIN_S = 20.0


@dataclass(frozen=True)
class Running:
    """A service that can be reached, and what it stands on."""

    url: str
    log: EmbeddedLog
    index: EmbeddedIndex


@contextmanager
def running(directory: Path, **settings: Any) -> Iterator[Running]:
    """A service with `settings` as in `ApiSettings`."""
    given = {"stack": "embedded", "data_dir": directory, "api_port": free_port(), "key_check_wait": 0.0} | settings
    read = ApiSettings(_env_file=None, **given)  # type: ignore[arg-type]
    with EmbeddedLog(directory / "log.sqlite") as log, EmbeddedIndex(directory / "index") as index:
        log.create_topics(ALL_TOPICS)
        index.ensure()
        server = make_server(create_app(read, log, index, KeyVault.open(directory)), read)
        thread = threading.Thread(target=server.run, name="service")
        thread.start()
        try:
            assert wait_until(lambda: server.started, _STARTS_WITHIN_S)
            yield Running(f"http://127.0.0.1:{read.api_port}", log, index)
        finally:
            server.should_exit = True
            thread.join()
