from pathlib import Path

import pytest

from stack.engines.errors import EngineMissingError
from stack.engines.jdk import find_jdk


def a_jdk(home: Path, version: str, *, compiler: bool = True, release: bool = True) -> Path:
    (home / "bin").mkdir(parents=True)
    for program in ("java", "javac") if compiler else ("java",):
        path = home / "bin" / program
        path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-01' >&2\n")
        path.chmod(0o755)
    if release:
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n')
    return home


def test_java_home_comes_first_then_the_path_then_the_newest(tmp_path: Path) -> None:
    for version in ("17.0.1", "21.0.2", "25"):
        a_jdk(tmp_path / "installed" / version, version)
    places = (f"{tmp_path}/installed/*",)
    on_path = {"PATH": str(tmp_path / "installed" / "21.0.2" / "bin")}
    named = {**on_path, "JAVA_HOME": str(tmp_path / "installed" / "17.0.1")}

    assert find_jdk(17, environment=named, places=places).version == 17
    assert find_jdk(17, environment=on_path, places=places).version == 21
    assert find_jdk(17, environment={"PATH": ""}, places=places).version == 25
    assert find_jdk(21, environment=named, places=places).version == 21


def test_one_without_a_compiler_is_passed_over_where_one_is_needed(tmp_path: Path) -> None:
    a_jdk(tmp_path / "runtime", "25", compiler=False)
    a_jdk(tmp_path / "whole", "21")
    places = (f"{tmp_path}/*",)

    assert find_jdk(21, environment={"PATH": ""}, places=places).version == 25
    assert find_jdk(21, compiler=True, environment={"PATH": ""}, places=places).version == 21


@pytest.mark.parametrize(("told", "version"), [("1.8.0_392", 8), ("21", 21), ("25-ea", 25)])
def test_a_version_is_read_from_java_itself_where_no_file_tells_it(tmp_path: Path, told: str, version: int) -> None:
    home = a_jdk(tmp_path / "jdk", told, release=False)

    assert find_jdk(8, environment={"PATH": "", "JAVA_HOME": str(home)}, places=()).version == version


def test_what_was_found_and_what_to_do_is_said_when_none_is_new_enough(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "old", "11.0.1")

    with pytest.raises(EngineMissingError) as missing:
        find_jdk(21, compiler=True, environment={"PATH": "", "JAVA_HOME": str(home)}, places=())

    assert f"version 21 or newer is needed; found: 11 in {home}" in missing.value.reason
    assert "JAVA_HOME" in missing.value.remedy
