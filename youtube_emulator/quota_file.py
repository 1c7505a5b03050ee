"""Keeps what projects have used of their quota in a file, so that a restart does not forget it."""

from pathlib import Path

from youtube_emulator.errors import QuotaFileError
from youtube_emulator.usage import Usage


def read_usage(path: Path) -> Usage:
    """What the file holds; nothing used where there is none yet. Raises QuotaFileError."""
    try:
        return Usage.from_json(path.read_bytes())
    except FileNotFoundError:
        return Usage()
    except (OSError, ValueError) as error:
        raise QuotaFileError(f"--quota-file {path}: cannot be used: {error}; remove it or name another") from None


def write_usage(path: Path, usage: Usage) -> None:
    """Replaces the file at once, so that a kill leaves the old one or the new one. Raises QuotaFileError."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(usage.to_json())
        fresh.replace(path)
    except OSError as error:
        raise QuotaFileError(f"--quota-file {path}: cannot be written: {error.strerror or error}") from None
