"""What an operation says when it is done."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from operations.backup_file import Snapshot
from operations.reindex import ReindexReport
from operations.restore import Restore, topics_of
from operations.rotate import RotateReport
from operations.verify import VerifyReport
from schemas.index import VERSION, version_of
from video_index.elasticsearch_versions import IndexVersions

_SHOWN = 5


def reindexed(report: ReindexReport) -> list[str]:
    """The lines on a reindex."""
    lines = [
        f"{report.index} has {report.documents:,} documents, from {report.records:,} records "
        f"in {report.seconds:.1f} s; writes waited for {report.blocked_s:.1f} s"
    ]
    if report.replaced:
        lines.append(
            f"compared with {report.replaced}, which is kept: {report.corrected:,} documents were taken from it, "
            f"{report.only_replayed:,} were not in it"
        )
    if report.unreadable:
        lines.append(f"{report.unreadable:,} records are no videos of this version: see the lines above")
    for video_id, reason in list(report.rejected.items())[:_SHOWN]:
        lines.append(f"not taken, and {len(report.rejected):,} in all: {video_id}: {reason}")
    return lines


def removed(names: Sequence[str]) -> list[str]:
    """The lines on indexes that were removed."""
    return [f"removed {name}" for name in names] or ["no replaced index is kept"]


def no_backup(path: Path, directory: Path) -> str:
    """The line on a file that is not there, with those that are, as one names them."""
    there = sorted(str(each) for each in directory.glob("topicreel-*.gz"))
    return f"there is no backup {path}; in BACKUP_DIR ({directory}) there is {', '.join(there) or 'none'}"


def verified(verdict: VerifyReport) -> list[str]:
    """The lines on a comparison of index and log."""
    lines = [f"{verdict.videos:,} videos on youtube.videos, of which {len(verdict.differing):,} differ in the index"]
    if verdict.differing:
        lines.append(f"among them {', '.join(verdict.differing[:_SHOWN])}")
    if verdict.only_in_index:
        lines.append(f"{verdict.only_in_index:,} documents of the index are not on youtube.videos")
    if not verdict.is_good:
        lines.append("while videos come in, run it again; what stays, `make reindex` puts right")
    return lines


def rotated(report: RotateReport) -> list[str]:
    """The lines on a change of the secret."""
    lines = [f"{report.renewed:,} API keys and alerts are encrypted with the first secret now"]
    if report.unreadable:
        lines.append(f"none of the secrets decrypts {', '.join(report.unreadable)}: they have to be made again")
    return lines


def backed_up(path: Path, counts: Mapping[str, int] | None = None, copy: Snapshot | None = None) -> list[str]:
    """The lines on a backup."""
    lines = [f"wrote {path}" + (f": {topics_of(counts)}" if counts is not None else "")]
    if copy is not None:
        lines.append(
            f"and about {copy.documents:,} documents of {copy.index} below Elasticsearch's path.repo, "
            f"in {copy.location}"
        )
    lines.append("keep ENCRYPTION_KEY, or the file encryption.key, apart: without it API keys and webhooks are lost")
    return lines


def restored(restore: Restore, versions: IndexVersions) -> list[str]:
    """The lines on a restore."""
    current = versions.current() or ""
    lines = [
        f"brought back the backup of {restore.head.at:%Y-%m-%d %H:%M:%SZ}: {topics_of(restore.counts)}",
        f"{current} has {versions.count(current):,} documents",
    ]
    if not restore.places_kept:
        lines.append(
            "alerts go on from the end of the log: their places on the old one could not be told on this one"
        )
    if (version_of(current) or VERSION) < VERSION:
        lines.append(f"it is of an older version than {VERSION}: make reindex, before the services start")
    return lines
