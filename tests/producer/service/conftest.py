"""What holds for every run of the whole producer."""

import logging
from collections.abc import Iterator

import pytest

from tests.producer.service.tea import events


@pytest.fixture(autouse=True)
def _no_defect(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The loop survives what nobody foresaw: that must not hide it from the tests."""
    caplog.set_level(logging.INFO)
    yield
    assert not events(caplog, "defect")
