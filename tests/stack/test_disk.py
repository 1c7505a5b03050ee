import shutil
from pathlib import Path

import pytest

from stack import disk
from stack.directory import StackDirectory
from stack.errors import RefusedError


def test_a_disk_with_room_is_taken(tmp_path: Path) -> None:
    disk.check_disk(StackDirectory.of(tmp_path))


def test_a_full_disk_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"full: .* KiB are free.*Free some space, or choose another DATA_DIR"):
        disk.check_disk(StackDirectory.of(tmp_path), least_bytes=shutil.disk_usage(tmp_path).total * 2)
