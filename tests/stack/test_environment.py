"""What `stack/environment.sh` says on machines that lack something, and that it does nothing twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import ROOT

_NEEDED = ("sh", "basename", "cat", "cksum", "grep", "rm", "sleep", "tail")


class Machine:
    """A checkout, and the only programs its PATH has."""

    def __init__(self, directory: Path) -> None:
        self.programs = directory / "programs"
        self.checkout = directory / "a checkout"
        self.programs.mkdir()
        self.checkout.mkdir()
        for name in _NEEDED:
            (self.programs / name).symlink_to(shutil.which(name) or name)
        (self.checkout / "some.lock").write_text("nothing-that-exists==1.0\n")

    def has(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(ROOT / "stack" / "environment.sh"), "some.lock"],
            cwd=self.checkout,
            env={"PATH": str(self.programs), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "HOME": os.environ["HOME"]},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_a_python_it_says_how_to_get_one(machine: Machine) -> None:
    ended = machine.run()

    assert ended.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed, and python3 here is not there" in ended.stderr
    assert "apt-get install python3" in ended.stderr


def test_an_old_python_is_named(machine: Machine) -> None:
    machine.has("python3", "echo 9")

    ended = machine.run()

    assert ended.returncode == 1
    assert "python3 here is 3.9" in ended.stderr


def test_an_old_python_is_passed_over_for_a_newer_one_beside_it(machine: Machine) -> None:
    machine.has("python3", "echo 9")
    machine.has("python3.12", "[ $1 = -c ] && echo 12")

    ended = machine.run()

    assert "making .venv with python3.12 (3.12)" in ended.stdout
    assert ended.returncode == 1
    assert "apt-get install python3-venv" in ended.stderr


def test_packages_that_cannot_be_had_are_reported_with_what_pip_said(machine: Machine) -> None:
    machine.has("python3", f'exec "{sys.executable}" "$@"')

    ended = machine.run()

    assert ended.returncode == 1
    assert "pip could not install some.lock" in ended.stderr
    assert "run the same command again" in ended.stderr
    assert (machine.checkout / ".venv" / "install.log").exists()


def test_what_was_done_before_is_not_done_again(machine: Machine) -> None:
    machine.has("python3", f'exec "{sys.executable}" "$@"')
    (machine.checkout / "some.lock").write_text('not-for-this-python==1.0 ; python_version < "3"\n')

    first, second = machine.run(), machine.run()

    assert "making .venv" in first.stdout
    assert ".venv is ready" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
