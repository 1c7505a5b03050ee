"""What people are shown of the producer's work: `ProducerStatus` out of what the producer knows. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from producer.keys import Project
from producer.quota import Bucket, Limits, next_reset
from schemas import (
    BackfillStatus,
    ProducerStatus,
    ProjectQuota,
    ProjectStatus,
    Subject,
    SubjectProgress,
    SubjectStatus,
)
from video_index import Freshness


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is planned for a subject; None where nothing can be said."""

    next_poll_at: datetime | None = None
    expected_delay_s: float | None = None
    backfill: BackfillStatus | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why nothing is searched, and until when."""

    reason: str
    until: datetime | None


def subject_status(
    subject: Subject,
    progress: SubjectProgress | None,
    outlook: Outlook,
    seen_channels: Collection[str],
) -> SubjectStatus:
    """What is told of one subject; `seen_channels` were seen to publish on it."""
    known = progress or SubjectProgress(id=subject.id)
    return SubjectStatus(
        id=subject.id,
        query=subject.query,
        last_poll_at=known.last_poll_at,
        next_poll_at=outlook.next_poll_at,
        found=known.found,
        new=known.new,
        expected_delay_s=outlook.expected_delay_s,
        channels=len({*seen_channels, *subject.channels}),
        backfill=outlook.backfill,
        trouble=outlook.trouble,
    )


def project_status(
    project: Project, quotas: Mapping[str, ProjectQuota], limits: Limits, now: datetime
) -> ProjectStatus:
    """What is told of one project."""
    return ProjectStatus(
        id=project.id,
        keys=tuple(key.masked for key in project.keys),
        searches_left=project.calls_left(Bucket.SEARCHES, quotas, limits, now),
        searches_per_day=limits.searches.calls,
        units_left=project.calls_left(Bucket.UNITS, quotas, limits, now),
        units_per_day=limits.units.calls,
        resets_at=next_reset(now),
    )


def producer_status(
    instance: str,
    now: datetime,
    *,
    waiting: Waiting | None,
    subjects: Collection[SubjectStatus],
    projects: Collection[ProjectStatus],
    channels: int,
    stored: Freshness | None,
) -> ProducerStatus:
    """All of it."""
    return ProducerStatus(
        at=now,
        instance=instance,
        waiting=waiting.reason if waiting else None,
        waiting_until=waiting.until if waiting else None,
        subjects=tuple(subjects),
        projects=tuple(projects),
        channels=channels,
        videos=stored.videos if stored else None,
        oldest_refreshed_at=stored.oldest if stored else None,
        awaiting_details=stored.without_details if stored else None,
    )
