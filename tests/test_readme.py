"""The README, and for commands docs/ too, against the code: what there is is documented, and the other way round."""

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kibana.settings import KibanaSettings
from operations.settings import OperationsSettings
from processor.settings import ProcessorSettings
from producer.settings import ProducerSettings
from query_api.app import bare_app
from query_api.settings import ApiSettings
from stack.settings import StackSettings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()

# The stack passes most settings on as text; where a service reads the same setting, its description counts.
_SETTINGS = {
    **OperationsSettings.model_fields,
    **KibanaSettings.model_fields,
    **StackSettings.model_fields,
    **ProcessorSettings.model_fields,
    **ApiSettings.model_fields,
    **ProducerSettings.model_fields,
}


def _row(name: str, field: FieldInfo) -> str:
    nothing = field.default is None or field.default is PydanticUndefined or field.default == ()
    default = "" if nothing else f"`{int(field.default) if field.default is False else field.default}`"
    return f"| `{name.upper()}` | {default} | {field.description} |"


ROWS = {name: _row(name, field) for name, field in _SETTINGS.items()}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_setting_has_its_row(name: str) -> None:
    assert ROWS[name] in README, f"README.md lacks the row\n{ROWS[name]}"


def test_every_row_of_the_settings_is_a_setting() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|.*$", README.partition("## Settings")[2].partition("\n## ")[0], re.MULTILINE
    )

    assert sorted(rows) == sorted(name.upper() for name in ROWS)


def test_every_command_is_named_and_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*?##", MAKEFILE, re.MULTILINE))

    texts = [README, *(page.read_text() for page in (ROOT / "docs").glob("*.md"))]
    code = "\n".join(each for text in texts for each in re.findall(r"`[^`\n]+`|```.*?```", text, re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", code))

    assert named == targets


def test_every_endpoint_is_named_and_is_one() -> None:
    table = README.partition("| request | answers |")[2].partition("\n\n")[0]
    requests = " ".join(row.split("|")[1] for row in table.splitlines()[2:])
    named = {path.partition("?")[0] for path in re.findall(r"/[^\s`,]*", requests)}

    routes = set(bare_app().openapi()["paths"])

    def nameless(paths: set[str]) -> set[str]:
        return {re.sub(r"{.*?}", "{}", path) for path in paths}

    assert nameless(named) == nameless(routes | {"/", "/docs"})
