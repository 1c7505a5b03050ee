"""The service as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from stack.loopback import get
from stack.ports import free_port
from stack.process import wait_until

_ROOT = Path(__file__).parents[2]


def environment(directory: Path, settings: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_ROOT),
        "STACK": "embedded",
        "DATA_DIR": str(directory / "data"),
        **settings,
    }


def ended(directory: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the service until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "query_api"],
        cwd=directory,
        env=environment(directory, settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Running:
    """The service as a process."""

    def __init__(self, directory: Path, module: str = "query_api", **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / "service.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=directory,
                env=environment(directory, {"API_PORT": str(self.port), **settings}),
                stderr=log,
            )
        if not wait_until(self._ready, 60, lambda: self.process.poll() is not None):
            self.process.kill()
            self.process.wait()
            raise AssertionError(self.log.read_text())

    def _ready(self) -> bool:
        answer = get(f"{self.url}/readyz")
        return answer is not None and answer.status == 200

    def post(self, path: str, body: object) -> None:
        """Makes something."""
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            assert answer.status == 201

    def end(self, number: signal.Signals) -> int:
        """Sends a signal; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(15)
