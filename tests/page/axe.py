"""axe-core, installed as `package-lock.json` pins it, and what it finds in a page."""

import shutil
import subprocess
from pathlib import Path

from selenium.webdriver import Chrome

_HERE = Path(__file__).parent
_PACKAGE = ("package.json", "package-lock.json", ".npmrc")
_INSTALLED_WITHIN_S = 120

_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  ({violations}) => done(violations.map(({id, impact, help, nodes}) =>
    `${id} (${impact}): ${help}: ` + nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; "))),
  (error) => done([`axe-core failed: ${error}`]),
);
"""


class NoAxeError(Exception):
    """axe-core cannot be installed; the text says why."""


def install_axe(directory: Path) -> str:
    """The source of axe-core, installed in `directory` where it is not there as pinned. Raises NoAxeError."""
    source = directory / "node_modules/axe-core/axe.min.js"
    pinned, lock = (_HERE / "package-lock.json").read_bytes(), directory / "package-lock.json"
    if not (source.exists() and lock.exists() and lock.read_bytes() == pinned):
        _install(directory)
    return source.read_text()


def violations(browser: Chrome, axe: str) -> list[str]:
    """What breaks axe-core's rules on the page that is open now."""
    browser.execute_script(axe)
    found: list[str] = browser.execute_async_script(_RUN)
    return found


def _install(directory: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoAxeError("npm is not installed: apt-get install npm")
    directory.mkdir(parents=True, exist_ok=True)
    for name in _PACKAGE:
        shutil.copy(_HERE / name, directory)
    done = subprocess.run(
        [npm, "ci"], cwd=directory, capture_output=True, text=True, timeout=_INSTALLED_WITHIN_S, check=False
    )
    if done.returncode:
        (directory / "package-lock.json").unlink()
        raise NoAxeError(done.stderr[-500:])
