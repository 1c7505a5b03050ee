import logging
from pathlib import Path
from typing import Any

import pytest

from tests.query_api.service import JSON, Service, problem, serving
from video_index import SearchAnswer, SearchRequest
from video_index.embedded import EmbeddedIndex


class DefectiveIndex(EmbeddedIndex):
    """An index with a defect nobody foresaw."""

    def search(self, request: SearchRequest) -> SearchAnswer:
        raise RuntimeError("a defect of the index")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "127.9.9.9", "[::1]", "[::1]:8000"],
)
def test_this_machine_is_answered(library: Service, host: str) -> None:
    assert library.client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8000", "localhost.evil.example", "192.0.2.1", ":"]
)
def test_a_name_that_was_made_to_point_here_is_refused(library: Service, host: str) -> None:
    body = problem(library.client.get("/healthz", headers={"Host": host}), 400)

    assert "Host" in body["detail"]


OTHERS: dict[str, Any] = {"api_host": "0.0.0.0", "admin_token": "token-of-the-test"}  # noqa: S104 - nothing listens
"""Settings of a service that other machines reach."""


@pytest.mark.parametrize(
    "host", ["videos.example", "VIDEOS.example:8443", "videos.example.", "localhost", "192.0.2.1"]
)
def test_off_loopback_the_names_it_was_given_and_every_address_lead_here(tmp_path: Path, host: str) -> None:
    with serving(tmp_path, **OTHERS, allowed_hosts="search.example, videos.example") as service:
        assert service.client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "videos.example.evil.example", "", "x y"])
def test_off_loopback_another_name_is_refused_with_the_setting_that_would_accept_it(
    tmp_path: Path, host: str
) -> None:
    with serving(tmp_path, **OTHERS, allowed_hosts="videos.example") as service:
        assert "ALLOWED_HOSTS" in problem(service.client.get("/healthz", headers={"Host": host}), 400)["detail"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "",
        "json",
        "\xff",
    ],
)
@pytest.mark.parametrize("path", ["/subjects", "/add_api_key"])
def test_a_body_that_is_not_declared_as_json_is_refused(library: Service, path: str, kind: str) -> None:
    headers = {"Content-Type": kind.encode("latin-1")}

    answer = library.client.post(path, content=b'{"query": "cats"}', headers=headers)  # type: ignore[arg-type]

    assert "application/json" in problem(answer, 415)["detail"]


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON ;x=y"])
def test_json_may_be_declared_with_a_character_set(service: Service, kind: str) -> None:
    answer = service.client.post("/subjects", content=b'{"query": "cats"}', headers={"Content-Type": kind})

    assert answer.status_code == 201


def test_removing_needs_no_content_type(service: Service) -> None:
    subject = service.client.post("/subjects", json={"query": "cats"}).json()["id"]

    answer = service.client.delete(f"/subjects/{subject}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 204


@pytest.mark.parametrize("length", ["65537", "9" * 5_000])
def test_a_body_that_is_too_long_is_refused_unread(library: Service, length: str) -> None:
    answer = library.client.post("/subjects", content=b"{}", headers={**JSON, "Content-Length": length})

    assert "65536" in problem(answer, 413)["detail"]


@pytest.mark.parametrize("length", ["-1", "1.5", "two", ""])
def test_a_body_without_a_length_is_refused(library: Service, length: str) -> None:
    answer = library.client.post("/subjects", content=b"{}", headers={**JSON, "Content-Length": length})

    assert "Content-Length" in problem(answer, 411)["detail"]


def test_a_query_string_that_is_too_long_is_refused(library: Service) -> None:
    assert "63488" in problem(library.client.get("/search?q=" + "a" * 63_500), 414)["detail"]


@pytest.mark.parametrize("path", ["/videos/%FF", "/%C3%28", "/subjects/%ED%A0%80"])
def test_a_path_that_is_not_utf8_is_refused(library: Service, path: str) -> None:
    assert "UTF-8" in problem(library.client.get(path), 400)["detail"]


@pytest.mark.parametrize("path", ["/search", "/get", "/healthz", "/readyz", "/subjects", "/docs"])
def test_head_is_answered_as_get_would_be(library: Service, path: str) -> None:
    head, get = library.client.head(path), library.client.get(path)

    assert head.status_code == get.status_code == 200
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("OPTIONS", "/search", "GET, HEAD"),
        ("POST", "/get", "GET, HEAD"),
        ("PUT", "/subjects", "GET, HEAD, POST"),
        ("PUT", "/subjects/x", "DELETE, GET, HEAD"),
        ("GET", "/add_api_key", "POST"),
        ("TRACE", "/videos/x", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_accepted_is_told_those_that_are(
    library: Service, method: str, path: str, allowed: str
) -> None:
    answer = library.client.request(method, path, headers=JSON)

    assert allowed in problem(answer, 405)["detail"]
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/unknown", "/videos", "/videos/a/b", "/search/x", "/%00", "/..%2f"])
def test_where_there_is_nothing_the_documentation_is_named(library: Service, path: str) -> None:
    assert "/docs" in problem(library.client.get(path), 404)["detail"]


def test_a_slash_too_many_leads_to_the_right_path(library: Service) -> None:
    answer = library.client.get("/search/?q=a", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (307, "http://localhost/search?q=a")


@pytest.mark.parametrize(
    "accept", ["application/json", "text/html", "image/png", "*/*", "", "application/xml;q=\x01"]
)
def test_json_is_answered_whatever_is_preferred(library: Service, accept: str) -> None:
    answer = library.client.get("/get", headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


def test_a_defect_is_a_problem_and_one_log_line_with_its_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path, index=DefectiveIndex(tmp_path / "index")) as service:
        answer = service.client.get("/search?q=private", headers={"Authorization": "Bearer private"})

    assert "a defect of the index" not in str(problem(answer, 500))
    [line] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert line.getMessage() == "defect"
    assert line.exc_info is not None
    assert isinstance(line.exc_info[1], RuntimeError)
    assert line.exc_info[2] is not None
    assert "private" not in str(line.__dict__)


def test_simulated_data_is_labelled_on_every_answer(tmp_path: Path) -> None:
    with serving(tmp_path, index=DefectiveIndex(tmp_path / "index"), simulated=True) as service:
        answers = [
            service.client.get(path) for path in ("/videos/x", "/search", "/subjects", "/docs", "/unknown", "/get?x")
        ]
        answers.append(service.client.get("/healthz", headers={"Host": "evil.example"}))
        readiness = service.client.get("/readyz").json()
        title = service.client.get("/openapi.json").json()["info"]["title"]

    assert {answer.status_code for answer in answers} == {200, 400, 404, 422, 500}
    assert {answer.headers["x-simulated"] for answer in answers} == {"true"}
    assert readiness["simulated"] is True
    assert "simulated" in title


def test_real_data_is_not_labelled(library: Service) -> None:
    answer = library.client.get("/readyz")

    assert "x-simulated" not in answer.headers
    assert answer.json()["simulated"] is False
