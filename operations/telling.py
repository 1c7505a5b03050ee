"""What an operation says when it is done."""

from collections.abc import Sequence

from operations.reindex import Report

_SHOWN = 5


def reindexed(report: Report) -> list[str]:
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
