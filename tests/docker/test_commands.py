"""What the commands promise to whoever types them, on Docker and without Kibana's image or with it."""

import itertools
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.compose import project
from tests.command_line import CommandLine
from tests.docker.composed import ENGINE_VARIABLES

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

START_S = 600.0
DOWN_S = 300.0


@pytest.fixture(scope="module")
def demo(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    inherited = {name: os.environ[name] for name in ENGINE_VARIABLES if name in os.environ}
    line = CommandLine(tmp_path_factory.mktemp("commands"), {"STACK": "docker", "IMAGE_TAG": "test", **inherited})
    yield line
    line.run("clean", timeout_s=DOWN_S, FORCE="1")


def test_the_demo_starts_from_nothing_and_says_where_everything_is(demo: CommandLine) -> None:
    said = demo.run("demo", timeout_s=START_S)

    assert said.code == 0, said
    assert "the first videos can be found" in said.said
    for word in (f"{demo.url}/", f"{demo.url}/docs", "raw feed", "make status", "make logs", "make down"):
        assert word in said.said
    # Kibana's image may not be to be had: then it is said so, and all else runs.
    assert "Kibana could not be started" in said.said or "user elastic" in said.said


def test_the_password_is_in_a_file_for_its_owner_alone_and_nowhere_else(demo: CommandLine) -> None:
    file = demo.working_directory / ".env"

    assert file.stat().st_mode & 0o777 == 0o600
    [line] = file.read_text().splitlines()
    name, _, password = line.partition("=")
    assert name == "ELASTIC_PASSWORD"
    assert len(password) >= 32
    assert password not in demo.run("logs", "--no-follow", "--lines", "1000").said


def test_a_second_start_changes_nothing_and_names_the_address_there_is(demo: CommandLine) -> None:
    said = demo.succeed("demo", API_PORT="8999")

    assert "already running: nothing was changed" in said
    assert f"{demo.url}/docs" in said


def test_status_shows_every_container(demo: CommandLine) -> None:
    # Whatever the settings say by now: where the API is published counts.
    said = demo.succeed("status", API_PORT="8999")

    for part in ("kafka", "elasticsearch", "producer", "processor", "query_api", "gateway"):
        assert f"{project(demo.directory)}-{part}-1" in said
    assert said.count("(healthy)") == 7
    assert re.search(r"producer (polling|waiting)", said)


def test_the_raw_feed_shows_headers_key_and_value(demo: CommandLine) -> None:
    process = demo.start("raw")
    assert process.stdout is not None

    before = list(itertools.takewhile(lambda line: not line.startswith("ce_"), process.stdout))
    row = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert not [line for line in before if "INFO" in line]
    headers, key, value = row.rstrip("\n").split("\t")
    assert "ce_type:" in headers
    assert f'"videoId":"{key}"' in value.replace(" ", "")


def test_down_keeps_the_data_and_a_password_that_is_not_theirs_is_refused(demo: CommandLine) -> None:
    before = demo.get("/get", limit=1)["total"]["value"]
    demo.run("down", timeout_s=DOWN_S)

    refused = demo.run("demo", timeout_s=START_S, ELASTIC_PASSWORD="not-the-one-that-the-data-were-made-with")

    assert refused.code == 1
    assert "ELASTIC_PASSWORD is not the password that these data were made with" in refused.complained
    demo.run("down", timeout_s=DOWN_S)
    again = demo.run("demo", timeout_s=START_S)
    assert again.code == 0, again
    assert demo.get("/get", limit=1)["total"]["value"] >= before


def test_clean_asks_and_then_removes_everything(demo: CommandLine) -> None:
    asked = demo.run("clean")
    assert asked.code == 1
    assert "FORCE=1" in asked.complained

    said = demo.run("clean", timeout_s=DOWN_S, FORCE="1")

    assert said.code == 0, said
    assert not Path(demo.environment["DATA_DIR"]).exists()
    assert "volumes" in said.said
