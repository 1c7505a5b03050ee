"""Operations beside containers, which stay as they are, an upgrade, and a round from a backup: docs/operations.md.

The tests follow each other on one stack.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.compose import COMPOSE_FILE, PROJECT_NAME, compose, project
from stack.compose_variables import variables_to_look
from tests.command_line import ROOT, CommandLine
from tests.docker.composed import ENGINE_VARIABLES

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

START_S = 600.0
DOWN_S = 300.0
GUIDE = (ROOT / "docs" / "operations.md").read_text()


@pytest.fixture(scope="module")
def demo(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    inherited = {name: os.environ[name] for name in ENGINE_VARIABLES if name in os.environ}
    # One subject: so many videos flow for some minutes, and no more are to be copied than the tests need.
    settings = {"STACK": "docker", "IMAGE_TAG": "test", "SUBJECTS": "cooking"}
    line = CommandLine(tmp_path_factory.mktemp("operations"), {**settings, **inherited})
    try:
        started = line.run("demo", timeout_s=START_S)
        assert started.code == 0, started
        yield line
    finally:
        line.run("clean", timeout_s=DOWN_S, FORCE="1")
        for kept in _volumes(line):
            _output("docker", "volume", "rm", kept)


def test_a_new_version_takes_over_while_data_flow(demo: CommandLine, tmp_path: Path) -> None:
    new = CommandLine(demo.working_directory, demo.environment | {"PYTHONPATH": str(_new_version(tmp_path))})
    before, running = _ids(demo), _running(demo)

    made = new.run("reindex", timeout_s=START_S)

    assert made.code == 0, made
    assert re.search(r"^youtube-videos-v2\S* has", made.said, re.MULTILINE)
    assert _running(demo) == running
    assert set(_ids(demo)) >= set(before)
    new.run("down", timeout_s=DOWN_S)
    started = new.run("demo", timeout_s=START_S)
    assert started.code == 0, started
    assert set(_ids(demo)) >= set(before)
    running = _running(demo)
    verified = new.run("verify", timeout_s=START_S)
    assert verified.code == 0, verified
    assert _running(demo) == running
    back = new.run("reindex", "--roll-back", timeout_s=START_S)
    assert back.code == 0, back


def test_a_backup_brings_everything_back_once_all_but_the_backups_was_removed(demo: CommandLine) -> None:
    subjects, keys = demo.get("/subjects"), demo.get("/api_keys")
    before, running = _ids(demo), _running(demo)
    made = demo.run("backup", timeout_s=START_S)
    assert made.code == 0, made
    assert _running(demo) == running
    [file] = re.findall(r"wrote (\S+):", made.said)
    get_key, put_key = re.findall(r"^(docker compose run .*encryption\.key)$", GUIDE, re.MULTILINE)
    _as_written(demo, get_key)

    said = demo.run("clean", timeout_s=DOWN_S, FORCE="1")

    assert said.code == 0, said
    [kept] = _volumes(demo)
    assert f"docker volume rm {kept}" in said.said
    _as_written(demo, put_key)
    restored = demo.run("restore", file, timeout_s=START_S, SIMULATED="1")
    assert restored.code == 0, restored
    started = demo.run("demo", timeout_s=START_S)
    assert started.code == 0, started
    assert demo.run("verify", timeout_s=START_S).code == 0
    assert set(_ids(demo)) >= set(before)
    assert demo.get("/subjects") == subjects
    assert [each["id"] for each in demo.get("/api_keys")] == [each["id"] for each in keys]


def test_data_that_a_directory_knows_nothing_of_are_left_alone(engine: None, tmp_path: Path) -> None:
    inherited = {name: os.environ[name] for name in ENGINE_VARIABLES if name in os.environ}
    line = CommandLine(tmp_path, {"STACK": "docker", **inherited})
    name = f"{project(line.directory)}_kafka-data"
    _output("docker", "volume", "create", "--label", f"com.docker.compose.project={project(line.directory)}", name)
    try:
        refused = line.run("up")

        assert refused.code == 1
        assert f"docker volume rm {name}" in refused.complained
        assert _volumes(line) == [name]
    finally:
        _output("docker", "volume", "rm", name)


def _new_version(directory: Path) -> Path:
    """A checkout of another version, whose mapping is another one."""
    checkout = directory / "new"
    ignored = shutil.ignore_patterns(".git", ".venv*", ".engines", ".data*", ".*_cache", "tests", "node_modules")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    index = checkout / "schemas" / "index.py"
    text, replaced = re.subn(r"^VERSION = 1$", "VERSION = 2", index.read_text(), flags=re.MULTILINE)
    assert replaced == 1
    index.write_text(text)
    return checkout


def _as_written(demo: CommandLine, command: str) -> None:
    """Runs a command of the guide as it stands there, on this stack; its files are those of the working directory."""
    environment = demo.environment | {PROJECT_NAME: project(demo.directory), "COMPOSE_FILE": str(COMPOSE_FILE)}
    subprocess.run(
        ["sh", "-c", command],
        cwd=demo.working_directory,
        env=environment | {"COMPOSE_ENV_FILES": os.devnull},
        check=True,
        stderr=subprocess.DEVNULL,
        timeout=DOWN_S,
    )


def _ids(demo: CommandLine) -> list[str]:
    """Of all videos that are found; each comes once."""
    found = [each["video_id"] for each in demo.lines("/export", format="ndjson")]
    assert len(found) == len(set(found))
    return found


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
