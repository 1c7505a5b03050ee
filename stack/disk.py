"""Makes sure, before anything starts, that the disk takes data."""

import shutil

from stack.directory import StackDirectory
from stack.errors import RefusedError

_LEAST_BYTES = 16 * 1024 * 1024


def check_disk(directory: StackDirectory, least_bytes: int = _LEAST_BYTES) -> None:
    """Raises RefusedError when next to nothing is free on the disk that the directory, which exists, is on."""
    free = shutil.disk_usage(directory.root).free
    if free < least_bytes:
        raise RefusedError(
            f"the disk that {directory} is on is full: {free // 1024:,} KiB are free, and at least "
            f"{least_bytes // 1024:,} are needed. Nothing was started. Free some space, or choose another DATA_DIR"
        )
