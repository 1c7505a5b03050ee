"""What people are shown of the producer's work: `ProducerStatus` out of what the producer knows. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from producer.keys import Project
from producer.quota import Bucket, Limits, next_reset
from producer.reach import Unanswered
from schemas import (
    BackfillStatus,
    ChannelProgress,
    ProducerStatus,
    ProjectQuota,
    ProjectStatus,
    Subject,
    SubjectProgress,
    SubjectStatus,
    YouTubeAway,
)
from video_index import Freshness


@dataclass(frozen=True, slots=True)
class Forecast:
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
    outlook: Forecast,
    seen_channels: Collection[ChannelProgress],
) -> SubjectStatus:
    """What is told of one subject; `seen_channels` were seen to publish on it.

    Without a query nothing is searched: what its channels brought is counted instead.
    """
    known = progress or SubjectProgress(id=subject.id)
    uploads = sum(channel.subjects.get(subject.id, 0) for channel in seen_channels)
    read_at = max((channel.last_poll_at for channel in seen_channels if channel.last_poll_at), default=None)
    return SubjectStatus(
        id=subject.id,
        query=subject.query,
        last_poll_at=known.last_poll_at if subject.query else read_at,
        next_poll_at=outlook.next_poll_at,
        found=known.found if subject.query else uploads,
        new=known.new if subject.query else uploads,
        expected_delay_s=outlook.expected_delay_s,
        channels=len({*(channel.id for channel in seen_channels), *subject.channels}),
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


def youtube_away(
    away: Unanswered | None,
    tried_again: Mapping[Bucket, datetime | None],
    *,
    waiting: Waiting | None,
    polls_by: Bucket,
) -> YouTubeAway | None:
    """That YouTube does not answer, as it is told.

    `tried_again` is when a call of each bucket is made next, if that is known; `polls_by` what polls spend. Where
    YouTube can be reached, it is not what stops polls that are `waiting` for something else.
    """
    if away is None:
        return None
    again = [moment for bucket in away.buckets if (moment := tried_again.get(bucket)) is not None]
    return YouTubeAway(
        told=_told(away),
        reason=away.reason,
        since=away.since,
        tried_again_at=min(again, default=None),
        stops_polling=not away.reached or (waiting is None and polls_by in away.buckets),
        stops_key_checks=Bucket.UNITS in away.buckets,
    )


def _told(away: Unanswered) -> str:
    if not away.reached:
        return "YouTube cannot be reached"
    if len(away.buckets) == len(Bucket):
        return "YouTube does not answer"
    return f"YouTube does not answer {_CALLS[next(iter(away.buckets))]}"


_CALLS = {Bucket.SEARCHES: "searches", Bucket.UNITS: "lookups of videos, channels and keys"}


def producer_status(
    instance: str,
    now: datetime,
    *,
    waiting: Waiting | None,
    youtube: YouTubeAway | None = None,
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
        youtube_away=youtube,
        subjects=tuple(subjects),
        projects=tuple(projects),
        channels=channels,
        videos=stored.videos if stored else None,
        oldest_refreshed_at=stored.oldest if stored else None,
        awaiting_details=stored.without_details if stored else None,
    )
