"""The emulator and the product know each other by HTTP alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = (
    "event_log", "key_vault", "observability", "processor", "producer", "query_api", "schemas", "stack",
    "video_index",
)  # fmt: skip


def imported(room: str) -> Iterator[str]:
    """The rooms that the files of a room import from."""
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from (name.partition(".")[0] for name in names)


def test_the_emulator_imports_nothing_of_the_product():
    assert not set(imported("youtube_emulator")) & set(PRODUCT)


@pytest.mark.parametrize("room", PRODUCT)
def test_the_product_imports_nothing_of_the_emulator(room: str):
    assert "youtube_emulator" not in set(imported(room))
