"""The emulator as a program of its own, started and started again by tests."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from producer.http import httpx
from stack.loopback import listens
from stack.ports import free_port
from stack.process import end, wait_until

_STARTS_WITHIN_S = 60.0
_ENDS_WITHIN_S = 10.0


class RunningEmulator:
    """An emulator with these options (`late_rate=0.1` is `--late-rate 0.1`), its port the same at each start."""

    def __init__(self, directory: Path, **options: object) -> None:
        self._log = directory / "emulator.log"
        self._options = {"port": free_port(), **options}
        self._process: subprocess.Popen[bytes] | None = None
        self._address = f"http://127.0.0.1:{self._options['port']}"

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return f"{self._address}/youtube/v3"

    def start(self, **changed: object) -> None:
        """Starts it, from now on with these options changed; returns once it listens."""
        self._options |= changed
        words = [
            word for name, value in self._options.items() for word in (f"--{name.replace('_', '-')}", str(value))
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "youtube_emulator", *words], stdout=log, stderr=log
            )
        port = int(str(self._options["port"]))
        assert wait_until(lambda: listens(port), _STARTS_WITHIN_S), self._log.read_text()

    def stop(self) -> None:
        if self._process is not None:
            end(self._process, _ENDS_WITHIN_S)

    def used(self) -> dict[str, dict[str, int]]:
        """What each project has used ever, by `projects/<number>`: searches, units, calls refused for quota."""
        counts: dict[str, Any] = httpx.get(f"{self._address}/emulator/counts", trust_env=False).json()
        used: dict[str, dict[str, int]] = counts["ever"]
        return used
