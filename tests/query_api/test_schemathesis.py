"""Whatever the OpenAPI document allows, and what it does not, is sent to a running service by Schemathesis.

What fails: a server error; a status, media type, header or body that is not documented; a change without the admin
token; what is refused in spite of the document, or accepted against it.
"""

from collections.abc import Iterator
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
SETTINGS = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

CONFIG = {
    # JSON Schema cannot say which dates, questions and cursors there are, nor that one date is before another.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "422"]}},
}
api = schemathesis.openapi.from_dict(bare_app().openapi(), config=SchemathesisConfig.from_dict(CONFIG))
finite = api.exclude(path="/stream")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with videos and an admin token."""
    with running(tmp_path_factory.mktemp("schemathesis"), admin_token=TOKEN) as service:
        fill(service.index, (plain_video(f"video-{number}", f"Street food {number}") for number in range(20)))
        yield service


@finite.parametrize()
@SETTINGS
def test_requests_are_answered_as_documented(case: schemathesis.Case[Any], service: Running) -> None:
    case.call_and_validate(service.url, headers=AUTHORIZED)


def test_what_was_made_is_found_until_it_is_removed(service: Running) -> None:
    class Client(finite.as_state_machine()):  # type: ignore[misc]  # made of the links
        """Somebody who goes on with what was answered before."""

        def get_call_kwargs(self, case: schemathesis.Case[Any]) -> dict[str, Any]:
            return {"base_url": service.url, "headers": AUTHORIZED}

    Client.run(settings=settings(SETTINGS, max_examples=20, stateful_step_count=8))
