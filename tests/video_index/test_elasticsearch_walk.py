"""The walk to a page past the result window, on an Elasticsearch that has any number of results."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from threading import Thread

import pytest

from video_index import PageTooFarError, SearchRequest
from video_index.elasticsearch import ElasticsearchIndex


class _Endless(BaseHTTPRequestHandler):
    """Answers every search with as many results as it asks for."""

    protocol_version = "HTTP/1.1"
    asked: list[int]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body["size"])
        hits = [{"_id": "a", "sort": [1, 2], "_source": {"video_id": "a"}}] * body["size"]
        answer = json.dumps({"hits": {"total": {"value": 10_000_000}, "hits": hits}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked() -> list[int]:
    """How many results each search asked for."""
    return []


@pytest.fixture
def endless(asked: list[int]) -> Iterator[str]:
    """The address of the server."""
    with HTTPServer(("127.0.0.1", 0), type("Endless", (_Endless,), {"asked": asked})) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def index_on(address: str) -> ElasticsearchIndex:
    """An index that has ten seconds, by a clock that goes on by one each time it is read."""
    return ElasticsearchIndex(address, timeout_s=10, monotonic_s=map(float, count()).__next__)


def test_a_page_that_is_reached_in_time_is_given(endless: str, asked: list[int]) -> None:
    with index_on(endless) as index:
        found = index.search(SearchRequest(offset=85_000, limit=5))

    assert len(found.documents) == 5
    assert asked == [10_000] * 8 + [5_000, 5 + 1]  # one more tells whether there are more


def test_all_the_requests_of_a_walk_have_one_deadline(endless: str, asked: list[int]) -> None:
    with index_on(endless) as index, pytest.raises(PageTooFarError, match="100,000 of the 1,000,000"):
        index.search(SearchRequest(offset=1_000_000, limit=5))

    assert asked == [10_000] * 10
