import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from stack.engines.errors import EngineMissingError
from stack.engines.maven import download, pom


def maven(directory: Path, script: str) -> str:
    """A PATH on which `mvn` is this script."""
    program = directory / "mvn"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"{directory}:/usr/bin:/bin"


def test_a_project_that_depends_on_the_artifacts() -> None:
    dependencies = ET.fromstring(pom(["org.a:b:1", "org.c:d_2.13:2"])).findall(".//{*}dependency")  # noqa: S314 - made here

    assert [[part.text for part in each] for each in dependencies] == [["org.a", "b", "1"], ["org.c", "d_2.13", "2"]]


def test_without_maven_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineMissingError, match=r"downloaded through Maven, and there is no mvn.*maven"):
        download("Kafka", ["a:b:1"], tmp_path / "jars", print)


def test_what_maven_says_first_is_why_it_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", maven(tmp_path, "echo '[ERROR] no such host'; echo '[ERROR] more'; exit 1"))

    with pytest.raises(
        EngineMissingError, match=r"could not fetch Kafka: no such host\. .*run the same command again"
    ):
        download("Kafka", ["a:b:1"], tmp_path / "jars", print)


def test_jars_are_copied_to_where_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", maven(tmp_path, 'for word; do echo "$word"; done > ' + str(tmp_path / "asked")))

    download("Kafka", ["a:b:1"], tmp_path / "jars", print)

    assert f"-DoutputDirectory={tmp_path / 'jars'}" in (tmp_path / "asked").read_text().splitlines()
