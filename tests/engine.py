"""Real engines for tests: one process each, in a directory and on ports of its own."""

import os
import signal
import subprocess
from pathlib import Path

from stack.part import Part
from stack.process import end, kill, spawn, wait_until


class RunningEngine:
    """A Kafka broker or an Elasticsearch node that a test may kill and start again."""

    def __init__(self, part: Part, address: str, directory: Path) -> None:
        self._part = part
        self._address = address
        self._log = directory / f"{part.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """The address of a broker, `host:port`."""
        return self._address

    @property
    def url(self) -> str:
        """The address of a node, `http://host:port`."""
        return self._address

    def start(self) -> None:
        """Starts the engine on the data it had before, and returns when it answers."""
        self._part.prepare()
        process = self._process = spawn(self._part, self._log)
        if not wait_until(self._part.ready, self._part.ready_within, lambda: process.poll() is not None):
            self.remove()
            raise AssertionError(
                f"{self._part.name} did not start; the end of its log:\n{self._log.read_text()[-3000:]}"
            )

    def start_unless_running(self) -> None:
        """For whoever follows a test that left it killed."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """Ends the engine as a crash would, with SIGKILL."""
        if self._process is not None:
            kill(self._process)
            self._process = None

    def pause(self) -> None:
        """Lets it do nothing at all, not even refuse a connection."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        """Ends the engine in order."""
        if self._process is not None:
            end(self._process, self._part.stop_within)
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)
