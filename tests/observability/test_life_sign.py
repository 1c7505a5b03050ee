"""A sign of life is a file that changes."""

import os
from pathlib import Path

from observability import UNSEEN, LifeSign


def test_each_sign_is_newer_than_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    sign = LifeSign(file)

    sign.give()
    os.utime(file, (0, 0))
    sign.give()

    assert file.stat().st_mtime > 0


def test_a_place_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    LifeSign(tmp_path / "not-there" / "alive").give()
    UNSEEN.give()
