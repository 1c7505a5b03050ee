"""The videos that the page is tried on: sixty of cooking, an hour apart, five of rust, and some odd ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2

from event_log import NewRecord
from schemas import (
    POLL_STATE,
    VIDEOS,
    KeyHealth,
    ProducerStatus,
    ProjectStatus,
    SubjectStatus,
    Video,
    VideoDetails,
    subject_id,
    utc_now,
)
from tests.page.running import Running
from tests.video_index.contract import a_video, fill

NEWEST = datetime(2026, 3, 10, 12, tzinfo=UTC)
COOKING, RUST = "cooking", "rust programming"

KEY = "AIzaSy-not_a_real_key_0123456789abcdefg"

INJECTION = '<img src=x onerror="window.injected = 1"><script>window.injected = 2</script> & <mark>not marked</mark>'
"""A title that would run, were it taken for HTML."""


def fill_library(service: Running) -> None:
    """Writes the videos, and follows both subjects."""
    for query in (COOKING, RUST):
        follow(service, query)
    fill(service.index, [*_cooking(), *_rust(), *_odd()])


def follow(service: Running, query: str, *, token: str = "") -> None:
    """As somebody does who has the admin token, where the service wants one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx2.post(f"{service.url}/subjects", json={"query": query}, headers=headers, trust_env=False)
    assert answer.status_code in (200, 201), answer.text


def refuse_key(service: Running, key: str) -> None:
    """Adds a key, and notes as a producer does that YouTube refused it."""
    added = httpx2.post(f"{service.url}/add_api_key", json={"key": key}, trust_env=False).json()
    later = utc_now() + timedelta(seconds=1)
    health = KeyHealth(
        id=added["id"], checked_at=later, retired_at=later, retired_reason="API_KEY_INVALID: add another"
    )
    service.log.append([NewRecord(POLL_STATE.name, health.key, health.to_json())])


def street_food(**changed: object) -> SubjectStatus:
    """What a producer tells of a subject."""
    status = SubjectStatus(
        id=subject_id("street food"),
        query="street food",
        last_poll_at=utc_now() - timedelta(minutes=1),
        next_poll_at=utc_now() + timedelta(minutes=9, seconds=30),
        found=70,
        new=50,
        expected_delay_s=430.0,
        channels=3,
        backfill=None,
    )
    return status.model_copy(update=changed)


def tell(service: Running, **changed: object) -> None:
    """What a producer tells of itself: it follows street food, and has 87 searches left."""
    project = ProjectStatus(
        id="projects/7",
        keys=("…defg",),
        searches_left=87,
        searches_per_day=100,
        units_left=9_000,
        units_per_day=10_000,
        resets_at=datetime(2026, 3, 11, 8, tzinfo=UTC),
    )
    status = ProducerStatus(
        at=utc_now(), instance="one", waiting=None, subjects=(street_food(),), projects=(project,), videos=1_200
    )
    told = status.model_copy(update=changed)
    service.log.append([NewRecord(POLL_STATE.name, told.key, told.to_json())])


def arrive(service: Running, *videos: Video) -> None:
    """As the processor does it: the videos are in the index, then on their topic."""
    fill(service.index, videos)
    service.log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])


def plain_video(video_id: str, title: str, **fields: object) -> Video:
    """A video without a thumbnail, which could not be had anyway."""
    given: dict[str, object] = {"thumbnails": {}, "published_at": NEWEST, "subjects": (subject_id(COOKING),)}
    return a_video(video_id, title, **(given | fields))


def _cooking() -> Iterator[Video]:
    for number in range(60):
        yield plain_video(
            f"cook-{number:02}",
            f"Bread of the day {number}",
            description="Flour, water & salt, and a very hot oven.",
            published_at=NEWEST - timedelta(hours=number),
            channel_id=f"UC-kitchen-{number % 3}",
            channel_title=f"Kitchen {number % 3}",
            details=VideoDetails(duration_s=60 * (number + 1), view_count=1000 * number),
        )


def _rust() -> Iterator[Video]:
    for number in range(5):
        yield plain_video(
            f"rust-{number}",
            f"Borrow checker explained, part {number}",
            published_at=NEWEST - timedelta(days=10 + number),
            channel_id="UC-crab",
            channel_title="Crab & friends",
            subjects=(subject_id(RUST),),
        )


def _odd() -> Iterator[Video]:
    crab = {"subjects": (subject_id(RUST),), "published_at": NEWEST - timedelta(days=20)}
    yield plain_video("odd-script", INJECTION, channel_title="<b>bold</b>", **crab)
    yield plain_video("odd-live", "Compiling live", live_broadcast_content="live", **crab)
    url = {"url": "https://i.ytimg.com/vi/odd/mqdefault.jpg", "width": 320, "height": 180}
    yield plain_video("odd-thumb", "With a thumbnail that cannot be had", thumbnails={"medium": url}, **crab)
    elsewhere = {"url": "https://tracker.example/pixel.png", "width": 1, "height": 1}
    yield plain_video("odd-elsewhere", "With a thumbnail of elsewhere", thumbnails={"medium": elsewhere}, **crab)
