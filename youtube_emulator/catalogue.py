"""Reads a catalogue: JSON lines of real videos, plain or gzipped, told by its content rather than by its name.

A video may be on several lines, as it was seen at different times: the newest sighting is the one that is served.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from youtube_emulator.errors import CatalogueError
from youtube_emulator.records import Sighting, read_record
from youtube_emulator.video import Video

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Distinct videos, and how often videos were seen."""

    videos: tuple[Video, ...]
    sightings: int


def read_catalogue(path: Path, skip_bad_line: Callable[[str], None] | None = None) -> Catalogue:
    """The catalogue in a file. Raises CatalogueError with file, line and what is accepted.

    With `skip_bad_line`, a line that is no video is told to it and left out.
    """
    newest: dict[str, Sighting] = {}
    count = 0
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            sighting = read_record(line)
        except ValueError as error:
            problem = f"{path}: line {number} {error}"
            if skip_bad_line is None:
                raise CatalogueError(
                    f"{problem} (remove the line; python -m youtube_emulator --skip-bad-lines leaves such lines out)"
                ) from None
            skip_bad_line(problem)
            continue
        count += 1
        if _is_newer(sighting, newest.get(sighting.video.id)):
            newest[sighting.video.id] = sighting
    if not newest:
        raise CatalogueError(f"{path}: holds no video: a JSON object a line is accepted")
    return Catalogue(tuple(sighting.video for sighting in newest.values()), count)


def _is_newer(sighting: Sighting, known: Sighting | None) -> bool:
    """Whether a sighting that comes later in the file takes the place of the one known."""
    if known is None or known.observed_on is None or sighting.observed_on is None:
        return True
    return sighting.observed_on >= known.observed_on


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from _unpacked(file)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise CatalogueError(f"{path}: starts like a gzip file but is not a whole one: {error}") from None
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror or error}") from None


def _unpacked(file: BinaryIO) -> BinaryIO:
    gzipped = file.peek(2)[:2] == _GZIP_MAGIC  # type: ignore[attr-defined]  # files opened with "rb" have it
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if gzipped else file
