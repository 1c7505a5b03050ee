"""Packages of npm that tests run, installed as a `package-lock.json` pins them."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from stack.engines.install import install
from tests.conftest import ENGINES_DIR

_PACKAGE = ("package.json", "package-lock.json", ".npmrc")
_INSTALLED_WITHIN_S = 240


class NoPackageError(Exception):
    """A package cannot be installed; the text says why."""


def install_package(name: str, pins: Path) -> Path:
    """The `node_modules` of what the files in the directory `pins` pin. Raises NoPackageError."""
    pinned = hashlib.sha256(b"".join((pins / each).read_bytes() for each in _PACKAGE)).hexdigest()[:8]
    return install(ENGINES_DIR / f"{name}-{pinned}", lambda home: _install(pins, home), print) / "node_modules"


def _install(pins: Path, home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoPackageError("npm is not installed: apt-get install npm")
    for each in _PACKAGE:
        shutil.copy(pins / each, home)
    try:
        subprocess.run([npm, "ci"], cwd=home, capture_output=True, text=True, timeout=_INSTALLED_WITHIN_S, check=True)
    except subprocess.CalledProcessError as failed:
        raise NoPackageError(failed.stderr[-500:]) from None
    except subprocess.TimeoutExpired:
        raise NoPackageError(f"npm took longer than {_INSTALLED_WITHIN_S} s") from None
