"""Makes the embedded index anew from the embedded log, while the stack is stopped.

The new index is filled in a directory beside the old one and takes its place by its name. Killed at any point, the
next run begins anew.
"""

import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path

from event_log import EventLog
from observability import event_logger
from operations.comparing import corrections
from operations.errors import RefusedError
from operations.reindex import ReindexReport, Step
from operations.replay import Changes, replaying
from schemas import Video
from video_index import Delete, IndexSetupError, IndexUnavailableError, SearchRequest, Stored, VideoIndex, Write
from video_index.embedded import EmbeddedIndex

logs = event_logger("operations")

_COMPARED_AT_ONCE = 500


def rebuild(log: EventLog, directory: Path) -> ReindexReport:
    """Puts an index made from the log in the place of the one in `directory`, whether or not there is one.

    The old one is kept as `<directory>.replaced`. Raises RefusedError while a process uses it.
    """
    started_s = time.monotonic()
    filling, replaced = directory.with_name(f"{directory.name}.filling"), replaced_by(directory)
    report = ReindexReport(index=str(directory), replaced=str(replaced) if directory.exists() else None)
    shutil.rmtree(filling, ignore_errors=True)
    with closing(EmbeddedIndex(filling)) as new:
        old = _open(directory)
        try:
            _replay(log, new, report)
            logs.info("reindex", step=Step.FILLED)
            if old is not None:
                _compare(old, new, report)
                logs.info("reindex", step=Step.COMPARED)
        finally:
            if old is not None:
                old.close()
        report.documents = new.freshness().videos
    if directory.exists():
        shutil.rmtree(replaced, ignore_errors=True)
        directory.rename(replaced)
    filling.rename(directory)
    report.seconds = time.monotonic() - started_s
    return report


def replaced_by(directory: Path) -> Path:
    """Where the index is kept that was replaced last."""
    return directory.with_name(f"{directory.name}.replaced")


def take_place(directory: Path) -> None:
    """Raises RefusedError while a process uses the index."""
    index = _open(directory)
    if index is not None:
        index.close()


def _open(directory: Path) -> VideoIndex | None:
    """The index that is to be replaced, in its writer's place; None where there is none that can be read."""
    if not directory.exists():
        return None
    try:
        index = EmbeddedIndex(directory)
    except (IndexSetupError, IndexUnavailableError) as error:
        logs.warning("index_not_compared", reason=error)
        return None
    try:
        index.ensure()
    except IndexUnavailableError as error:
        raise RefusedError(f"{error}. Stop the stack first: make down") from error
    return index


def _replay(log: EventLog, new: VideoIndex, report: ReindexReport) -> None:
    with replaying(log) as replay:
        ends = replay.ends()
        while not replay.has_reached(ends):
            _put(new, replay.batch())
        report.records, report.unreadable = replay.records, replay.unreadable


def _compare(old: VideoIndex, new: VideoIndex, report: ReindexReport) -> None:
    documents = old.scan(SearchRequest())
    found = 0
    while chunk := {each["video_id"]: each for each in islice(documents, _COMPARED_AT_ONCE)}:
        found += len(chunk)
        here = {
            video_id: stored.video.model_dump(mode="json")
            for video_id, stored in zip(chunk, new.get(list(chunk)), strict=True)
            if stored is not None
        }
        changes = corrections(chunk, here)
        report.corrected += len(changes)
        _put(new, changes)
    report.only_replayed = max(0, new.freshness().videos - found)


def _put(index: VideoIndex, changes: Changes) -> None:
    known: Mapping[str, Stored | None] = dict(zip(changes, index.get(list(changes)), strict=True))
    index.write([change for each, video in changes.items() if (change := _change(each, video, known[each]))])


def _change(video_id: str, video: Video | None, known: Stored | None) -> Write | Delete | None:
    version = known.version if known else None
    if video is not None:
        return Write(video, version)
    return Delete(video_id, version) if version is not None else None
