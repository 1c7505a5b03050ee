"""Another process that claims work, and does what a test tells it: killed, suspended, or asked."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from event_log import EventLog, LogError, NewRecord, Ownership

_ROOT = Path(__file__).parent.parent.parent


class Claimant:
    """A process that claims `name` on the log `kind` (embedded, kafka) at `address`."""

    def __init__(self, kind: str, address: str, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.event_log.claimant", kind, address, name],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_held(self) -> bool:
        return self._ask("held") == "True"

    def append(self, topic: str, value: str) -> str:
        """`appended`, or the name of the error."""
        return self._ask("append", topic, value)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def suspend(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, *question: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(question) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def _open(kind: str, address: str) -> EventLog:
    if kind == "embedded":
        from event_log.embedded import EmbeddedLog  # noqa: PLC0415

        return EmbeddedLog(Path(address))
    from event_log.kafka import KafkaLog  # noqa: PLC0415

    return KafkaLog(address)


def _answer(ownership: Ownership, question: Sequence[str]) -> str:
    if question[0] == "held":
        return str(ownership.is_held())
    _, topic, value = question
    try:
        ownership.append([NewRecord(topic, "key", value.encode())])
    except LogError as error:
        return type(error).__name__
    return "appended"


if __name__ == "__main__":
    claimed = _open(*sys.argv[1:3]).own(sys.argv[3])
    for line in sys.stdin:
        sys.stdout.write(_answer(claimed, line.split()) + "\n")
        sys.stdout.flush()
