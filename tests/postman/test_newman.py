"""The Postman collection that is handed out, sent to a running service by newman.

Where newman cannot be had this is skipped with the reason; with REQUIRE_ENGINES=1 it fails.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.npm import NoPackageError
from tests.page.library import plain_video
from tests.page.running import Running, running
from tests.postman.newman import find_newman, run_collection
from tests.video_index.contract import fill

COLLECTION = Path(__file__).parents[2] / "docs/topicreel.postman_collection.json"
TOKEN = "token-of-the-test"

ENDLESS = {"GET /stream"}
"""newman waits for the end of an answer."""


@pytest.fixture(scope="module")
def newman() -> list[str]:
    """The command."""
    try:
        return find_newman()
    except NoPackageError as missing:
        reason = f"newman cannot be had here: {missing}"
        if os.environ.get("REQUIRE_ENGINES") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A service with an admin token that may post to this machine, and with a video that the collection finds."""
    with running(tmp_path / "data", admin_token=TOKEN, allow_private_webhooks=True) as service:
        fill(service.index, [plain_video("video-of-food", "Street food of Lisbon")])
        yield service


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """The collection without what never ends, and with a webhook on this machine, as no other can be found."""
    whole = json.loads(COLLECTION.read_text().replace("https://hooks.example", "http://127.0.0.1:9"))
    for folder in whole["item"]:
        folder["item"] = [each for each in folder["item"] if each["name"] not in ENDLESS]
    finite = tmp_path / "collection.json"
    finite.write_text(json.dumps(whole))
    return finite


def test_every_request_of_the_collection_is_answered_as_documented(
    newman: list[str], collection: Path, service: Running, tmp_path: Path
) -> None:
    run = run_collection(newman, collection, tmp_path / "report", base_url=service.url, admin_token=TOKEN)

    assert run.failures == []
    assert {"GET /search", "POST /subjects", "DELETE /subjects/{subject}", "GET /readyz"} <= set(run.sent)


def test_an_answer_that_is_not_documented_fails_the_run(
    newman: list[str], collection: Path, service: Running, tmp_path: Path
) -> None:
    run = run_collection(newman, collection, tmp_path / "report", base_url=service.url, admin_token="wrong")

    refused = {failure.partition(":")[0] for failure in run.failures}
    assert {"POST /subjects", "POST /add_api_key"} <= refused
    assert not refused & {"GET /search", "GET /videos/{video_id}"}
