"""The pipeline's health at one moment, as a document: numbers that are told elsewhere, brought together. Pure."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from query_api.backlog import Backlog
from query_api.producer_view import ProducerSnapshot
from schemas import LOOKUPS, RAW, ProducerStatus, UtcSecond
from schemas.model import Contract


class PipelineHealth(Contract):
    """What one minute looked like. A number is None when it could not be known then; seconds end in `_s`."""

    at: UtcSecond
    state: Literal["polling", "waiting", "away"] = Field(description="What the producer did.")
    reason: str | None = Field(description="Why nothing was polled, or what failed; None while all was as planned.")
    subjects: int | None = None
    channels: int | None = None
    searches_spent: int | None = Field(
        default=None, description="Of the day, in all projects; so are the next three."
    )
    searches_left: int | None = None
    units_spent: int | None = None
    units_left: int | None = None
    results: int | None = Field(default=None, description="Search results so far, repeats included.")
    new_videos: int | None = Field(default=None, description="Videos first found by searches so far.")
    expected_delay_s: float | None = Field(default=None, description="Of the subject with the longest.")
    last_poll_age_s: float | None = Field(default=None, description="Since any subject was polled.")
    backfill_windows_left: int | None = None
    videos: int | None = None
    awaiting_details: int | None = None
    oldest_refresh_age_s: float | None = None
    lag_records: int | None = Field(
        default=None, description="Records that wait for the processor: both of the next."
    )
    lag_search: int | None = None
    lag_lookups: int | None = None
    dead_letters: int | None = Field(default=None, description="Records given up, as long as they are kept.")


def pipeline_health(seen: ProducerSnapshot, backlog: Backlog | None, now: datetime) -> PipelineHealth:
    """What is known now; of a producer that is away, the numbers that it told last say nothing any more."""
    state = seen.state(now)
    told = {} if seen.status is None or state == "away" else _told(seen.status, now)
    waiting = {} if backlog is None else _waiting(backlog)
    return PipelineHealth.model_validate(
        {"at": now, "state": state, "reason": seen.reason(now, "Kafka"), **told, **waiting}
    )


def _told(status: ProducerStatus, now: datetime) -> dict[str, object]:
    subjects, projects = status.subjects, status.projects
    delays = [each.expected_delay_s for each in subjects if each.expected_delay_s is not None]
    polls = [each.last_poll_at for each in subjects if each.last_poll_at is not None]
    return {
        "subjects": len(subjects),
        "channels": status.channels,
        "searches_spent": sum(each.searches_per_day - each.searches_left for each in projects),
        "searches_left": sum(each.searches_left for each in projects),
        "units_spent": sum(each.units_per_day - each.units_left for each in projects),
        "units_left": sum(each.units_left for each in projects),
        "results": sum(each.found for each in subjects),
        "new_videos": sum(each.new for each in subjects),
        "expected_delay_s": max(delays, default=None),
        "last_poll_age_s": _age(max(polls, default=None), now),
        "backfill_windows_left": sum(each.backfill.windows_left for each in subjects if each.backfill is not None),
        "videos": status.videos,
        "awaiting_details": status.awaiting_details,
        "oldest_refresh_age_s": _age(status.oldest_refreshed_at, now),
    }


def _waiting(backlog: Backlog) -> dict[str, int]:
    def of(name: str) -> int:
        return sum(records for (topic, _), records in backlog.waiting.items() if topic == name)

    search, lookups = of(RAW.name), of(LOOKUPS.name)
    return {
        "lag_records": search + lookups,
        "lag_search": search,
        "lag_lookups": lookups,
        "dead_letters": backlog.dead_letters,
    }


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())
