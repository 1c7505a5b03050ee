"""Data that an older version gave another name stay in use, or are named; none are removed."""

from pathlib import Path

import pytest

from stack.compose import PROJECT, name_of
from stack.directory import StackDirectory
from stack.origin import Origin, write_origin
from tests.command_line import ROOT, CommandLine

DOCKER = """#!/bin/sh
# An engine with the volumes of the projects that are named here, one a line.
case "$1 $2" in
"version "*) echo 26.1.5 ;;
"volume ls")
    for project in $(cat {projects}); do
        case "$*" in *project=$project) echo ${{project}}_kafka-data ;; esac
    done ;;
"volume rm" | "volume prune") echo "$*" >> {removed} ;;
esac
"""


class Checkout:
    """A checkout of its own with a directory that holds data, and a Docker that tells of volumes."""

    def __init__(self, root: Path) -> None:
        self.root = root / "checkout"
        self.root.mkdir()
        for each in ROOT.iterdir():
            if not each.name.startswith("."):
                (self.root / each.name).symlink_to(each)
        self.directory = StackDirectory.of(self.root / ".data")
        self.directory.root.mkdir()
        self.older = name_of(self.directory)
        self.removed = root / "removed"
        self._projects = root / "projects"
        programs = root / "bin"
        programs.mkdir()
        docker = programs / "docker"
        docker.write_text(DOCKER.format(projects=self._projects, removed=self.removed))
        docker.chmod(0o755)
        self.line = CommandLine(self.root, {"PYTHONPATH": str(self.root), "DATA_DIR": ".data"})
        self.line.environment["PATH"] = f"{programs}:{self.line.environment['PATH']}"

    def has_volumes_of(self, *projects: str) -> None:
        self._projects.write_text("".join(f"{each}\n" for each in projects))

    @property
    def env_file(self) -> str:
        file = self.root / ".env"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    write_origin(made.directory, Origin(stack="docker"))
    return made


@pytest.mark.parametrize("command", ["up", "down", "status", "backup"])
def test_an_older_name_is_kept_by_make_and_by_compose_and_told_once(checkout: Checkout, command: str) -> None:
    checkout.has_volumes_of(checkout.older)

    told, again = (checkout.line.run(command).complained for _ in range(2))

    assert f"called {checkout.older}, as an older version named them" in told
    assert checkout.env_file == f"COMPOSE_PROJECT_NAME={checkout.older}\n"
    assert "older version" not in again
    assert not checkout.removed.exists()


def test_data_of_both_names_are_not_mixed_and_the_older_ones_are_named(checkout: Checkout) -> None:
    checkout.has_volumes_of(checkout.older, PROJECT)

    said = checkout.line.run("up").said

    assert f"note: data that an older version made for .data stay aside, in volumes called {checkout.older}" in said
    assert f"docker volume rm {checkout.older}_kafka-data" in said
    assert "COMPOSE_PROJECT_NAME" not in checkout.env_file
    assert not checkout.removed.exists()


@pytest.mark.parametrize("origin", [None, Origin(stack="embedded")])
def test_a_directory_without_containers_has_none_of_another_name(checkout: Checkout, origin: Origin | None) -> None:
    checkout.has_volumes_of(checkout.older)
    checkout.directory.origin.unlink()
    if origin is not None:
        write_origin(checkout.directory, origin)

    checkout.line.run("down")

    assert checkout.env_file == ""
