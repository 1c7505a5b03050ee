"""What tests of the processor share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import EventLog
from event_log.embedded import EmbeddedLog
from schemas import ALL_TOPICS


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log
