"""axe-core, and what it finds in a page."""

from pathlib import Path

from selenium.webdriver import Chrome

from tests.npm import install_package

_RUN = """
const done = arguments[arguments.length - 1];
const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
axe.run(document, options).then(
  ({violations}) => done(violations.map(({id, impact, help, nodes}) =>
    `${id} (${impact}): ${help}: ` + nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; "))),
  (error) => done([`axe-core failed: ${error}`]),
);
"""


def read_axe() -> str:
    """The source of axe-core. Raises NoPackageError."""
    return (install_package("axe", Path(__file__).parent) / "axe-core/axe.min.js").read_text()


def violations(browser: Chrome, axe: str) -> list[str]:
    """What breaks axe-core's rules on the page that is open now."""
    browser.execute_script(axe)
    found: list[str] = browser.execute_async_script(_RUN)
    return found
