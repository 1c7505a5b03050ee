"""Several services behind one name: what one of them gave out, any other takes."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from schemas import ALL_TOPICS, VIDEOS
from stack.process import wait_until
from tests.query_api.running import Running
from tests.query_api.test_stream import Client, new_video
from tests.query_api.webhook import receiving
from tests.video_index.contract import a_video, fill
from video_index.embedded import EmbeddedIndex

PATIENCE_S = 60.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Log and index with thirty videos."""
    data = tmp_path / "data"
    with EmbeddedLog(data / "log.sqlite") as log, EmbeddedIndex(data / "index") as index:
        log.create_topics(ALL_TOPICS)
        fill(index, [a_video(f"v{number:02}", f"Number {number}") for number in range(30)])
    return data


@pytest.fixture
def replicas(tmp_path: Path, data: Path) -> Iterator[list[Running]]:
    """Two services on them."""
    started: list[Running] = []
    try:
        for name in ("one", "other"):
            started.append(Running(tmp_path / name, DATA_DIR=str(data), ALLOW_PRIVATE_WEBHOOKS="1"))
        yield started
    finally:
        for each in started:
            each.process.kill()
            each.process.wait()


def tell(data: Path, *names: str) -> None:
    """What the processor appends for new videos."""
    with EmbeddedLog(data / "log.sqlite") as log:
        log.append([NewRecord(VIDEOS.name, name, new_video(name).to_json()) for name in names])


def test_cursors_etags_and_ids_of_events_hold_at_any_of_them(replicas: list[Running], data: Path) -> None:
    one, other = (httpx2.Client(base_url=each.url, timeout=PATIENCE_S) for each in replicas)
    with one, other:
        first = one.get("/search", params={"q": "number", "limit": 10})
        known = {"If-None-Match": first.headers["etag"]}
        assert other.get("/search", params={"q": "number", "limit": 10}, headers=known).status_code == 304

        further = {"q": "number", "limit": 10, "cursor": first.json()["next_cursor"]}
        pages = [client.get("/search", params=further).json()["items"] for client in (one, other)]
        assert pages[0] == pages[1] != first.json()["items"]

        with one.stream("GET", "/stream") as answer:
            begun = Client(answer)
            begun.begin()
            tell(data, "a")
            assert begun.ids(1) == ["a"]
        tell(data, "b", "c")
        with other.stream("GET", "/stream", headers={"Last-Event-ID": begun.last_id}) as answer:
            assert Client(answer).ids(2) == ["b", "c"]


def test_an_alert_of_one_is_known_to_the_other_which_delivers_it_after_a_crash(
    replicas: list[Running], data: Path
) -> None:
    one, other = replicas

    def delivered(service: Running) -> list[int]:
        return [alert["delivered"] for alert in httpx2.get(f"{service.url}/alerts", timeout=PATIENCE_S).json()]

    with receiving() as webhook:
        one.post("/alerts", {"name": "all", "webhook": webhook.address})
        tell(data, "a", "b")
        assert wait_until(lambda: delivered(other) == delivered(one) == [2], PATIENCE_S)
        one.process.kill()
        tell(data, "c")
        assert wait_until(lambda: delivered(other) == [3], PATIENCE_S)

        assert webhook.ids() == ["a", "b", "c"]
