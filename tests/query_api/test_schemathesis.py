"""Whatever the OpenAPI document allows, and what it does not, is sent to a running service by Schemathesis.

What fails: a server error; a status, media type, header or body that is not documented; a change without the admin
token; what is refused in spite of the document, or accepted against it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from query_api.app import bare_app
from tests.page.library import plain_video
from tests.page.running import Running, running
from tests.video_index.contract import fill

TOKEN = "token-of-the-test"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
# The same requests each time: what is new is found with more of them, by hand.
SETTINGS = settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

CONFIG = {
    "checks": {
        # JSON Schema cannot say which dates, questions and cursors there are, nor that one date is before another.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "422"]},
        # What is too long is refused as such, before anybody looks what is wrong with it.
        "negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "413", "414", "415", "422"]},
    },
}
api = schemathesis.openapi.from_dict(bare_app().openapi(), config=SchemathesisConfig.from_dict(CONFIG))
finite = api.exclude(path="/stream")


@contextmanager
def with_videos(directory: Path) -> Iterator[Running]:
    """A service with videos and an admin token."""
    with running(directory, admin_token=TOKEN) as service:
        fill(service.index, (plain_video(f"video-{number}", f"Street food {number}") for number in range(20)))
        yield service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all requests that stand alone."""
    with with_videos(tmp_path_factory.mktemp("schemathesis")) as service:
        yield service


@finite.parametrize()
@SETTINGS
def test_requests_are_answered_as_documented(case: schemathesis.Case[Any], service: Running) -> None:
    case.call_and_validate(service.url, headers=AUTHORIZED)
