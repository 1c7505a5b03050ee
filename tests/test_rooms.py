"""Which rooms import from which others: the services meet in `schemas` and through log and index alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVICES = ("producer", "processor", "query_api")
SHARED = ("event_log", "key_vault", "observability", "schemas", "starting", "video_index", "waiting")
BESIDE = ("kibana", "operations", "provisioning")
EMULATOR = "youtube_emulator"
RUNS_SERVICES = "stack"

EXCEPTIONS = {"kibana": {"query_api.backlog", "query_api.outage", "query_api.producer_view"}}
"""The history of the pipeline's health tells what the query API does."""


def imported(room: str) -> Iterator[str]:
    """The modules that the files of a room import from."""
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            yield from [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def rooms_imported(room: str) -> set[str]:
    """The other rooms that the files of a room import from, but for the modules that it may."""
    return {name.partition(".")[0] for name in set(imported(room)) - EXCEPTIONS.get(room, set())} - {room}


@pytest.mark.parametrize("room", [*SERVICES, *SHARED, *BESIDE])
def test_a_service_is_imported_by_what_runs_it_alone(room: str) -> None:
    assert not rooms_imported(room) & {*SERVICES, *BESIDE, RUNS_SERVICES}


def test_the_emulator_imports_nothing_of_the_product() -> None:
    assert not rooms_imported(EMULATOR) & {*SERVICES, *SHARED, *BESIDE, RUNS_SERVICES}


@pytest.mark.parametrize("room", [*SERVICES, *SHARED, *BESIDE, RUNS_SERVICES])
def test_the_product_imports_nothing_of_the_emulator(room: str) -> None:
    assert EMULATOR not in rooms_imported(room)


def test_every_room_is_in_the_readme_and_has_its_place_here() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    readme = (ROOT / "README.md").read_text()

    assert rooms == {*SERVICES, *SHARED, *BESIDE, RUNS_SERVICES, EMULATOR, "benchmarks", "tests"}
    assert [room for room in rooms if f"`{room}/`" not in readme] == []
