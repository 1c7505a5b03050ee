"""The stack as a user runs it: by its commands, in a directory of its own, with nothing of the tester's settings."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from stack.directory import StackDirectory
from stack.leftovers import end_leftovers
from stack.lock import holder
from stack.ports import free_port
from stack.process import wait_until
from tests.conftest import ENGINES_DIR

ROOT = Path(__file__).parent.parent
START_S = 180.0
ANSWER_S = 30.0

_FROM_THE_TESTER = ("PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command said, and its exit code."""

    code: int
    said: str
    complained: str


class CommandLine:
    """`python -m stack` in a working directory, with settings of its own."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.working_directory = directory
        self.port = free_port()
        inherited = {name: os.environ[name] for name in _FROM_THE_TESTER if name in os.environ}
        self.environment = {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "ENGINES_DIR": str(ENGINES_DIR),
            "DATA_DIR": str(directory / "data"),
            "API_PORT": str(self.port),
            **settings,
        }

    @property
    def directory(self) -> StackDirectory:
        """Where the stack keeps its data."""
        return StackDirectory.of(Path(self.environment["DATA_DIR"]))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['API_PORT']}"

    def run(self, *arguments: str, timeout_s: float = START_S, **settings: str) -> Ended:
        """Runs a command to its end."""
        ended = subprocess.run(
            [sys.executable, "-m", "stack", *arguments],
            cwd=self.working_directory,
            env={**self.environment, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def succeed(self, *arguments: str, **settings: str) -> str:
        """Runs a command that has to succeed; what it said."""
        ended = self.run(*arguments, **settings)
        assert ended.code == 0, f"{arguments} ended with {ended.code}:\n{ended.said}\n{ended.complained}"
        return ended.said

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts a command that goes on."""
        return subprocess.Popen(
            [sys.executable, "-m", "stack", *arguments],
            cwd=self.working_directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def get(self, path: str, **parameters: object) -> Any:
        """The body of a good answer of the API."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        with urllib.request.urlopen(self.url + path + query, timeout=ANSWER_S) as answer:
            return json.load(answer)

    def lines(self, path: str, **parameters: object) -> list[Any]:
        """The lines of a good answer of the API, each as JSON."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        with urllib.request.urlopen(self.url + path + query, timeout=ANSWER_S) as answer:
            return [json.loads(line) for line in answer]

    def post(self, path: str, body: object) -> Any:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
            return json.load(answer)

    def is_ready(self) -> bool:
        """Whether the API answers, and reaches all that it needs."""
        try:
            return bool(self.get("/readyz")["status"] == "ready")
        except OSError:
            return False

    def pid(self, part: str) -> int:
        return int(self.directory.pid_file(part).read_text())

    def parts(self) -> dict[str, int]:
        """Process ids by the names of the parts that run."""
        pids = {}
        for file in self.directory.run.glob("*.pid"):
            with suppress(FileNotFoundError):  # it died since the look
                pids[file.stem] = int(file.read_text())
        return pids

    def log(self, part: str) -> str:
        return self.directory.log_file(part).read_text(errors="replace")

    def close(self) -> None:
        """Ends all of it, in order where that works."""
        self.run("down")
        assert wait_until(lambda: holder(self.directory.lock) is None, ANSWER_S)
        end_leftovers(self.directory, ANSWER_S, print)
