"""Where a stack keeps what it knows of itself, below its DATA_DIR."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StackDirectory:
    """The paths below one DATA_DIR; `root` is absolute."""

    root: Path

    @classmethod
    def of(cls, data_dir: Path) -> "StackDirectory":
        """The directory of a DATA_DIR as a user wrote it."""
        return cls(data_dir.expanduser().resolve())

    @property
    def run(self) -> Path:
        """What is only valid while the stack runs, and the ports it had."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """One log per part, and `supervisor.log`."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What the supervisor last knew of every part, as JSON."""
        return self.run / "state.json"

    @property
    def ports(self) -> Path:
        """The ports that were chosen freely, as JSON."""
        return self.run / "ports.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives; holds its process id."""
        return self.run / "supervisor.lock"

    @property
    def origin(self) -> Path:
        """Which stack made the data, and from what, as JSON."""
        return self.root / "origin.json"

    def pid_file(self, part: str) -> Path:
        """Holds the process id of a part while it runs."""
        return self.run / f"{part}.pid"

    def log_file(self, part: str) -> Path:
        """What the part writes."""
        return self.logs / f"{part}.log"

    @property
    def setting(self) -> str:
        """The setting that names the directory, as one would type it here behind `make up`."""
        return f"DATA_DIR={shlex.quote(str(self))}"

    def __str__(self) -> str:
        """The directory as one would type it here."""
        relative = os.path.relpath(self.root)
        return str(self.root) if relative.startswith("..") else relative


def write_whole(path: Path, text: str) -> None:
    """Replaces the file in one step: a reader sees the old text or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
