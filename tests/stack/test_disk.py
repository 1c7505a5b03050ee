import shutil
from pathlib import Path

import pytest

from stack import disk
from stack.directory import StackDirectory, write_whole
from stack.errors import RefusedError


def test_a_disk_with_room_is_taken(tmp_path: Path) -> None:
    disk.check_disk(StackDirectory.of(tmp_path))


def test_a_full_disk_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"full: .* KiB are free.*Free some space, or choose another DATA_DIR"):
        disk.check_disk(StackDirectory.of(tmp_path), least_bytes=shutil.disk_usage(tmp_path).total * 2)


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()

    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "file", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
