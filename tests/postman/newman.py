"""newman, installed as `package-lock.json` pins it, and a run of a Postman collection with it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_PACKAGE = ("package.json", "package-lock.json", ".npmrc")
_INSTALLED_WITHIN_S = 240
_RUN_WITHIN_S = 120


class NoNewmanError(Exception):
    """newman cannot be installed; the text says why."""


@dataclass(frozen=True)
class Run:
    """What became of a run: names of the requests that were sent, and what failed."""

    sent: list[str]
    failures: list[str]


def install_newman(directory: Path) -> list[str]:
    """The command, installed in `directory` where it is not there as pinned. Raises NoNewmanError."""
    node, program = shutil.which("node"), directory / "node_modules/newman/bin/newman.js"
    pinned, lock = (_HERE / "package-lock.json").read_bytes(), directory / "package-lock.json"
    if not (program.exists() and lock.exists() and lock.read_bytes() == pinned):
        _install(directory)
    if node is None:
        raise NoNewmanError("node is not installed: apt-get install nodejs")
    return [node, str(program)]


def run_collection(newman: list[str], collection: Path, report: Path, **variables: str) -> Run:
    """Sends every request of the collection in its order; `variables` stand before the collection's own."""
    given = [word for name, value in variables.items() for word in ("--env-var", f"{name}={value}")]
    told = ["--reporters", "json", "--reporter-json-export", str(report), "--timeout-request", "10000"]
    done = subprocess.run(
        [*newman, "run", str(collection), *given, *told],
        env={**os.environ, "NO_PROXY": "*", "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=_RUN_WITHIN_S,
        check=False,
    )
    assert report.exists(), done.stderr
    run: dict[str, Any] = json.loads(report.read_text())["run"]
    failures = [f"{each['source'].get('name')}: {each['error']['message']}" for each in run["failures"]]
    assert bool(failures) == bool(done.returncode), done.stderr
    return Run([each["item"]["name"] for each in run["executions"]], failures)


def _install(directory: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoNewmanError("npm is not installed: apt-get install npm")
    directory.mkdir(parents=True, exist_ok=True)
    for name in _PACKAGE:
        shutil.copy(_HERE / name, directory)
    done = subprocess.run(
        [npm, "ci"], cwd=directory, capture_output=True, text=True, timeout=_INSTALLED_WITHIN_S, check=False
    )
    if done.returncode:
        (directory / "package-lock.json").unlink()
        raise NoNewmanError(done.stderr[-500:])
