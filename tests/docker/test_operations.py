"""Operations on a stack that runs as containers: they work beside it, and it goes on as it was."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from stack.compose import compose, project
from stack.compose_variables import variables_to_look
from tests.command_line import CommandLine
from tests.docker.composed import ENGINE_VARIABLES

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

START_S = 600.0
DOWN_S = 300.0


@pytest.fixture(scope="module")
def demo(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    inherited = {name: os.environ[name] for name in ENGINE_VARIABLES if name in os.environ}
    line = CommandLine(tmp_path_factory.mktemp("operations"), {"STACK": "docker", "IMAGE_TAG": "test", **inherited})
    try:
        started = line.run("demo", timeout_s=START_S)
        assert started.code == 0, started
        yield line
    finally:
        line.run("clean", timeout_s=DOWN_S, FORCE="1")
        for kept in _volumes(line):
            _output("docker", "volume", "rm", kept)


@pytest.mark.parametrize("operation", ["backup", "reindex", "verify"])
def test_an_operation_leaves_every_container_as_it_was(demo: CommandLine, operation: str) -> None:
    before = _running(demo)

    said = demo.run(operation, timeout_s=START_S)

    assert said.code == 0, said
    assert _running(demo) == before
    assert demo.is_ready()


def test_clean_leaves_backups_and_says_where_they_are(demo: CommandLine) -> None:
    said = demo.run("clean", timeout_s=DOWN_S, FORCE="1")

    assert said.code == 0, said
    [kept] = _volumes(demo)
    assert f"docker volume rm {kept}" in said.said
    listed = _output("docker", "run", "--rm", "--volume", f"{kept}:/kept:ro", "topicreel:test", "ls", "/kept")
    assert ".gz" in listed


def _volumes(demo: CommandLine) -> list[str]:
    label = f"label=com.docker.compose.project={project(demo.directory)}"
    return _output("docker", "volume", "ls", "--quiet", "--filter", label).split()


def _running(demo: CommandLine) -> dict[str, str]:
    """When each container was started and where it is published, by its id."""
    identifiers = _output(*compose(demo.directory, "ps", "--quiet")).split()
    form = "{{.State.StartedAt}} {{json .NetworkSettings.Ports}}"
    return {each: _output("docker", "inspect", "--format", form, each) for each in identifiers}


def _output(*command: str) -> str:
    return subprocess.run(command, env=variables_to_look(), capture_output=True, text=True, check=True).stdout
