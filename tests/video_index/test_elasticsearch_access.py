"""An Elasticsearch that does not let the client in, played by a server that refuses everything."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pydantic import SecretStr

from schemas.engine_settings import access_by
from video_index import IndexAccessError, SearchRequest
from video_index.elasticsearch import ElasticsearchIndex

ACCESS = access_by("ELASTICSEARCH", SecretStr("a-secret"), None, None, None)


class _Refusing(BaseHTTPRequestHandler):
    status = 401

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b'{"error": {"type": "security_exception", "reason": "unable to authenticate"}, "status": 401}'
        self.send_response(self.status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[401, 403])
def refusing(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the server."""
    handler = type("Refusing", (_Refusing,), {"status": request.param})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_key_that_is_refused_is_told_by_the_name_of_its_setting_and_not_by_itself(refusing: str) -> None:
    with ElasticsearchIndex(refusing, ACCESS) as index:
        for ask in (lambda: index.search(SearchRequest()), index.ensure, index.check, lambda: index.get(["a"])):
            with pytest.raises(IndexAccessError, match="ELASTICSEARCH_API_KEY") as refused:
                ask()
            assert "a-secret" not in str(refused.value)
