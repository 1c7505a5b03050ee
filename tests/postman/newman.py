"""newman, and a run of a Postman collection with it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.npm import NoPackageError, install_package

_RUN_WITHIN_S = 120


@dataclass(frozen=True)
class Run:
    """What became of a run: names of the requests that were sent, and what failed."""

    sent: list[str]
    failures: list[str]


def find_newman() -> list[str]:
    """The command. Raises NoPackageError."""
    node = shutil.which("node")
    if node is None:
        raise NoPackageError("node is not installed: apt-get install nodejs")
    return [node, str(install_package("newman", Path(__file__).parent) / "newman/bin/newman.js")]


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
