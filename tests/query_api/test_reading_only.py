"""The service never writes the index, whichever that is: it may be given a key that opens it for reading only."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from schemas.access import ElasticsearchAccess
from stack.process import wait_until
from tests.query_api.service import KEY, Service, serving
from tests.video_index.contract import a_video, fill
from video_index import IndexUnavailableError
from video_index.elasticsearch import ElasticsearchIndex
from video_index.embedded import EmbeddedIndex

READS = {"_search", "_mget", "_count", "_alias", "_pit", "_msearch", "_analyze"}


class Recorder(ThreadingHTTPServer):
    """Stands where Elasticsearch would, and answers everything with an empty result."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, str, str]] = []
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Recorder

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps({"hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}, "docs": [{"found": False}]})
        self.send_response(200)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode() if self.command != "HEAD" else b"")

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - its parent's names

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - its parent's name


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.shutdown()
    recorder.server_close()


def use_every_path(service: Service) -> set[int]:
    """Every documented path, with a change where there is one; the statuses."""
    subject = service.client.post("/subjects", json={"query": "cats"}).json()["id"]
    key = service.client.post("/add_api_key", json={"key": KEY}).json()["id"]
    values = {"{subject}": subject, "{key}": key, "{video_id}": "a"}
    statuses = set()
    for path, methods in service.client.get("/openapi.json").json()["paths"].items():
        for name, value in values.items():
            path = path.replace(name, value)  # noqa: PLW2901 - filled in, one after the other
        if "get" in methods and path != "/stream":
            statuses.add(service.client.get(path, params={"q": "cats"} if path == "/search" else {}).status_code)
    statuses.add(service.client.delete(f"/subjects/{subject}?videos=delete").status_code)
    statuses.add(service.client.delete(f"/api_keys/{key}").status_code)
    return statuses


def test_elasticsearch_is_only_ever_asked_to_read_and_with_the_services_own_key(
    tmp_path: Path, recorder: Recorder
) -> None:
    with serving(
        tmp_path, index=ElasticsearchIndex(recorder.url, ElasticsearchAccess(api_key=SecretStr("key-to-read")))
    ) as service:
        use_every_path(service)

    assert {path.partition("?")[0].split("/")[-1] for _, path, _ in recorder.asked if "_alias" not in path} <= READS
    assert {method for method, _, _ in recorder.asked} <= {"GET", "HEAD", "POST"}
    assert {key for _, _, key in recorder.asked} == {"ApiKey key-to-read"}
    assert len(recorder.asked) > 3


def test_the_embedded_index_can_be_written_by_another_all_the_while(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as processors, serving(tmp_path) as service:
        processors.ensure()
        fill(processors, [a_video("a", "cats")])
        assert wait_until(lambda: service.search(q="cats")["total"]["value"] == 1, 10)

        statuses = use_every_path(service)

        assert max(statuses) < 500
        fill(processors, [a_video("b", "cats")])
        assert wait_until(lambda: service.search(q="cats")["total"]["value"] == 2, 10)
        with pytest.raises(IndexUnavailableError, match="another process"):
            service.index.ensure()
