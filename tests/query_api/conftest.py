"""A service for each test, and one with a hundred videos for tests that only read."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.query_api.service import Service, serving
from tests.video_index.contract import NOON, a_video, fill


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service without a video, subject or key."""
    with serving(tmp_path) as service:
        service.index.ensure()
        yield service


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a hundred videos, one a minute from noon on, called `Number 0` to `Number 99`."""
    with serving(tmp_path_factory.mktemp("library")) as service:
        service.index.ensure()
        fill(
            service.index,
            (
                a_video(
                    f"video-{number:02}",
                    f"Number {number}",
                    published_at=NOON + timedelta(minutes=number),
                    subjects=("even",) if number % 2 == 0 else ("odd",),
                    channel_id=f"UC{number % 3}",
                )
                for number in range(100)
            ),
        )
        yield service
