import logging
from pathlib import Path

import pytest
from fastapi import Response
from starlette.responses import StreamingResponse

from query_api.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from tests.query_api.service import Service, problem, serving
from tests.video_index.contract import a_video, fill

ANSWERS = ["/search", "/get?x=1", "/unknown", "/videos/none", "/docs", "/openapi.json", "/healthz"]


def requests_logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.fields for record in caplog.records if record.getMessage() == "request"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_has_the_headers_that_browsers_go_by(library: Service, path: str) -> None:
    answer = library.client.get(path)

    assert {name: answer.headers.get_list(name) for name in SECURITY_HEADERS} == {
        name: [value] for name, value in SECURITY_HEADERS.items()
    }


def test_so_has_one_that_was_refused_at_the_door(library: Service) -> None:
    answer = library.client.get("/healthz", headers={"Host": "evil.example"})

    problem(answer, 400)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_may_run_and_load_nothing_of_elsewhere_but_thumbnails() -> None:
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))

    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' https://i.ytimg.com data:"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_a_request_keeps_its_id_from_the_header_to_the_answer_and_the_log(
    library: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    answer = library.client.get("/search?limit=0", headers={"X-Request-ID": "abc-1"})

    assert answer.headers.get_list("x-request-id") == ["abc-1"]
    assert problem(answer, 422)["request_id"] == "abc-1"


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 200, b"\xff", "a;b"])
def test_a_request_without_a_sane_id_gets_one(library: Service, given: str | bytes | None) -> None:
    headers = {} if given is None else {"X-Request-ID": given}

    first, second = (library.client.get("/healthz", headers=headers) for _ in range(2))  # type: ignore[arg-type]

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["x-request-id"].isalnum()


def test_each_request_is_one_line_without_what_was_looked_for(
    library: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    library.client.get("/search?q=private")
    library.client.head("/videos/a-key-by-mistake")
    library.client.get("/", headers={"Host": "evil.example"})

    search, video, refused = requests_logged(caplog)
    assert (search["method"], search["route"], search["status"], search["client"]) == (
        "GET",
        "/search",
        200,
        "testclient",
    )
    assert isinstance(search["ms"], float)
    assert (video["method"], video["status"], video["route"]) == ("HEAD", 404, "/videos/{video_id}")
    assert refused["status"] == 400
    assert not {"private", "mistake"} & set(str(requests_logged(caplog)).replace("-", " ").split())


def test_large_answers_are_packed_for_who_takes_that_and_small_ones_never(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.index.ensure()
        fill(service.index, (a_video(f"v{number}", "the same words again " * 5) for number in range(50)))
        packed = service.client.get("/search?limit=50", headers={"Accept-Encoding": "gzip"})
        plain = service.client.get("/search?limit=50", headers={"Accept-Encoding": "identity"})
        small = service.client.get("/healthz", headers={"Accept-Encoding": "gzip"})
        known = service.client.get("/search?limit=50", headers={"If-None-Match": plain.headers["etag"]})
        capital = service.client.get("/search?limit=50", headers={"Accept-Encoding": "GZIP"})
        refused = [
            service.client.get("/search?limit=50", headers={"Accept-Encoding": encoding})
            for encoding in ("gzip;q=0", "br, GZIP ; q=0.00, deflate")
        ]

    assert packed.headers["content-encoding"] == capital.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == known.headers["vary"] == "Accept-Encoding"
    assert packed.json()["items"] == plain.json()["items"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    for answer in (plain, *refused):
        assert "content-encoding" not in answer.headers
    assert "content-encoding" not in small.headers


def test_events_are_passed_on_as_they_come(service: Service) -> None:
    @service.app.get("/events-for-this-test")
    async def events() -> Response:
        return StreamingResponse(iter(["data: " + "x" * 2_000 + "\n\n"] * 3), media_type="text/event-stream")

    answer = service.client.get("/events-for-this-test", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert answer.text.count("\n\n") == 3


ORIGIN = {"Origin": "https://videos.example"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Headers": "content-type, authorization"}


def test_pages_of_elsewhere_read_nothing_by_default(library: Service) -> None:
    answer = library.client.get("/search", headers=ORIGIN)
    asked = library.client.options("/search", headers={**PREFLIGHT, "Access-Control-Request-Method": "GET"})

    assert not [name for name in (*answer.headers, *asked.headers) if name.startswith("access-control")]


def test_pages_of_the_origins_that_were_given_may_read_also_the_errors(tmp_path: Path) -> None:
    with serving(tmp_path, cors_origins="https://videos.example,http://localhost:3000") as service:
        service.index.ensure()
        answers = [service.client.get(path, headers=ORIGIN) for path in ("/search", "/search?limit=0", "/videos/%FF")]
        other = service.client.get("/search", headers={"Origin": "https://evil.example"})

    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"https://videos.example"}
    assert "x-request-id" in answers[0].headers["access-control-expose-headers"].lower()
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(("token", "status"), [("token-of-the-test", 200), (None, 400)])
def test_they_may_send_changes_only_where_those_need_a_token(tmp_path: Path, token: str | None, status: int) -> None:
    with serving(tmp_path, cors_origins="https://videos.example", admin_token=token) as service:
        answer = service.client.options(
            "/subjects/x", headers={**PREFLIGHT, "Access-Control-Request-Method": "DELETE"}
        )

    assert answer.status_code == status
    assert ("DELETE" in answer.headers["access-control-allow-methods"]) is (token is not None)


def test_index_latency_is_measured(service: Service) -> None:
    service.client.get("/search?q=a")
    service.client.get("/videos/none")

    text = service.client.get("/metrics").text

    assert 'topicreel_index_duration_seconds_count{question="search"} 1.0' in text
    assert 'topicreel_index_duration_seconds_count{question="get"} 1.0' in text
