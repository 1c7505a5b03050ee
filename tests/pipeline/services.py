"""The services as processes of a test's own, each with settings of its own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


class Services:
    """Processes by the name of their module; `close` ends them all."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory = directory
        self._environment = dict(environment)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, module: str, *arguments: str, **settings: str) -> None:
        with self._log(module).open("ab") as log:
            self._processes[module] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self._directory,  # where there is no `.env`
                env={**self._environment, "PYTHONPATH": str(ROOT), **settings},
                stdout=log,
                stderr=log,
            )

    def exit_code(self, module: str, within_s: float) -> int:
        """Waits until it has ended by itself."""
        return self._processes[module].wait(within_s)

    def output(self, module: str) -> str:
        return self._log(module).read_text()

    def command_lines(self) -> str:
        """What whoever lists processes sees of those that run."""
        return "\n".join(" ".join(psutil.Process(each.pid).cmdline()) for each in self._running())

    def close(self) -> None:
        for process in self._running():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [process for process in self._processes.values() if process.poll() is None]

    def _log(self, module: str) -> Path:
        return self._directory / f"{module}.log"
