"""Videos as the demo makes them up and the processor understands them, and hours of the pipeline's health."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from kibana import PipelineHealth, pipeline_health
from processor.lookups import read_lookup
from processor.merge import after
from processor.sightings import read_sighting
from query_api.backlog import Backlog
from query_api.producer_view import ProducerSnapshot
from schemas import LOOKUPS, RAW, LookupKind, ProducerStatus, ProjectStatus, SubjectStatus, Video
from tests.processor.records import a_context, a_lookup, a_raw, as_read
from youtube_emulator.details import KNOWN, videos_answer
from youtube_emulator.items import search_item
from youtube_emulator.library import Span
from youtube_emulator.made_up import MadeUpLibrary
from youtube_emulator.matching import Question
from youtube_emulator.parameters import MAX_IDS, Parameters

SUBJECTS = ("street-food", "live-coding")


def demo_videos(now: datetime, every_s: float = 1200.0) -> Iterator[Video]:
    """Made-up videos of the last week, found by one of two subjects, or by both, and looked up."""
    library, moment = MadeUpLibrary(every_s=every_s), int(now.timestamp())
    made_up = list(library.find(Question(), Span(moment - 7 * 86_400, moment), moment))
    for first in range(0, len(made_up), MAX_IDS):
        some = made_up[first : first + MAX_IDS]
        asked = [("part", "snippet,contentDetails,statistics"), ("id", ",".join(each.id for each in some))]
        details = videos_answer(Parameters(asked, KNOWN), library, moment)["items"]
        for number, (each, item) in enumerate(zip(some, details, strict=True), start=first):
            yield _found(number, search_item(each, moment), item, now)


def _found(number: int, seen: dict[str, Any], item: dict[str, Any], now: datetime) -> Video:
    by = SUBJECTS if number % 7 == 0 else (SUBJECTS[number % 2],)
    sightings = [read_sighting(as_read(a_raw(seen, a_context(subject, now)))) for subject in by]
    looked_up = read_lookup(as_read(a_lookup(LookupKind.VIDEO, item, item["id"], now)))
    assert looked_up is not None
    found = after(None, [*sightings, looked_up])
    assert found is not None
    return found


def demo_health(now: datetime, minutes: int = 180) -> Iterator[PipelineHealth]:
    """Of each minute up to `now`: polling, but for an hour in which the quota was used up."""
    for ago in range(minutes, -1, -1):
        moment = now - timedelta(minutes=ago)
        waiting = "the quota of the day is used up" if 60 <= ago < 120 else None
        yield pipeline_health(ProducerSnapshot(a_status(moment, waiting), moment, None), a_backlog(ago), moment)


def a_status(at: datetime, waiting: str | None = None) -> ProducerStatus:
    return ProducerStatus(
        at=at,
        instance="producer-1",
        waiting=waiting,
        subjects=(a_subject("street-food", at, delay_s=900.0), a_subject("live-coding", at, delay_s=None)),
        projects=(a_project("one", at, searches_left=40), a_project("two", at, searches_left=100)),
        channels=3,
        videos=1234,
        oldest_refreshed_at=at - timedelta(days=20),
        awaiting_details=5,
    )


def a_subject(name: str, at: datetime, delay_s: float | None) -> SubjectStatus:
    return SubjectStatus(
        id=name,
        query=name,
        last_poll_at=at - timedelta(seconds=90),
        next_poll_at=None,
        found=50,
        new=20,
        expected_delay_s=delay_s,
        channels=1,
        backfill=None,
    )


def a_project(name: str, at: datetime, searches_left: int) -> ProjectStatus:
    return ProjectStatus(
        id=name,
        keys=("AIza...",),
        searches_left=searches_left,
        searches_per_day=100,
        units_left=9_000,
        units_per_day=10_000,
        resets_at=at + timedelta(hours=3),
    )


def a_backlog(records: int = 10) -> Backlog:
    waiting = {(RAW.name, 0): records, (RAW.name, 1): 1, (LOOKUPS.name, 0): 2}
    return Backlog(waiting, dead_letters=3)


def this_minute() -> datetime:
    """Without seconds, as documents have their times."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
