"""The README against the code: every setting, every endpoint and every command is documented, and exists."""

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kibana.settings import KibanaSettings
from operations.settings import OperationsSettings
from processor.settings import ProcessorSettings
from producer.settings import ProducerSettings
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


def test_every_command_it_names_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))

    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"`[^`\n]+`|```.*?```", README, re.DOTALL))))

    assert named <= targets
    assert {"demo", "test", "up", "down", "status", "raw", "lint", "bench"} <= named
