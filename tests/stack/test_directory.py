import shlex
from pathlib import Path

import pytest

from stack.directory import StackDirectory, write_whole


def test_it_is_shown_as_one_would_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    assert str(StackDirectory.of(Path(".data"))) == ".data"
    assert str(StackDirectory.of(Path("../there"))) == str(tmp_path / "there")


def test_its_setting_can_be_pasted_into_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert StackDirectory.of(Path(".data")).setting == "DATA_DIR=.data"
    assert shlex.split(StackDirectory.of(Path("it's mine")).setting) == ["DATA_DIR=it's mine"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "below" / "file", "one")
    write_whole(tmp_path / "below" / "file", "zwei ü")

    assert [path.read_text(encoding="utf-8") for path in (tmp_path / "below").iterdir()] == ["zwei ü"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()

    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "file", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
