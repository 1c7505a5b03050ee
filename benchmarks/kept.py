"""Indexes that are filled once and kept in `DATA_DIR`, since a million documents take minutes."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.made_up import videos
from benchmarks.running import running_engines
from schemas.settings import CommonSettings
from video_index import IndexUnavailableError, VideoIndex, Write, open_index

_AT_ONCE = 5_000
_TRIES = 10
_PAUSE_S = 2.0


def kept_embedded(documents: int) -> Path:
    """The data directory of an embedded stack with so many documents, which nothing else uses."""
    data_dir = _kept(f"embedded-{documents}")
    settings = CommonSettings(stack="embedded", data_dir=data_dir)
    if _is_to_fill(data_dir):
        with open_index(settings) as index:
            fill(index, documents)
        _note_filled(data_dir)
    return data_dir


@contextmanager
def kept_engines(documents: int) -> Iterator[tuple[str, str]]:
    """Kafka, and Elasticsearch with so many documents: the bootstrap servers and the URL."""
    directory = _kept(f"engines-{documents}")
    with running_engines(directory) as (brokers, url, _):
        if _is_to_fill(directory):
            with open_index(CommonSettings(stack="native", elasticsearch_url=url)) as index:
                fill(index, documents)
            _note_filled(directory)
        yield brokers, url


def fill(index: VideoIndex, documents: int) -> None:
    """Writes made-up videos; those that are there already stay as they are."""
    print(f"filling an index with {documents:,} documents", flush=True)
    index.ensure()
    made = videos(documents)
    while batch := [Write(video, None) for _, video in zip(range(_AT_ONCE), made, strict=False)]:
        _write(index, batch)


def _write(index: VideoIndex, batch: Sequence[Write]) -> None:
    """Tries again what an engine with so little heap had no memory for. Raises IndexUnavailableError at last."""
    for left in reversed(range(_TRIES)):
        try:
            index.write(batch)
        except IndexUnavailableError:
            if not left:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _kept(name: str) -> Path:
    directory = (CommonSettings.read().data_dir / "benchmarks" / name).absolute()
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _is_to_fill(directory: Path) -> bool:
    return not (directory / "filled").exists()


def _note_filled(directory: Path) -> None:
    (directory / "filled").touch()
