import csv
import io
import json
import re
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from query_api import connection
from query_api.export import Exports
from schemas import VideoDetails
from stack.ports import free_port
from tests.query_api.service import Service, problem, serving
from tests.query_api.test_server import running
from tests.video_index.contract import a_video, await_condition, fill
from video_index import IndexUnavailableError, SearchRequest
from video_index.elasticsearch import ElasticsearchIndex
from video_index.embedded import EmbeddedIndex


def export(service: Service, **parameters: str) -> httpx2.Response:
    answer = service.client.get("/export", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer


def rows(answer: httpx2.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_ndjson_has_an_item_of_the_search_a_line(library: Service) -> None:
    answer = export(library, format="ndjson", sort="newest")

    lines = [json.loads(line) for line in answer.text.splitlines()]

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert len(lines) == 100
    assert lines[:10] == library.search(limit=10)["items"]


def test_csv_has_a_header_and_a_row_for_each_video(service: Service) -> None:
    details = VideoDetails(duration_s=61, tags=("x", "y"), view_count=3_000_000_000)
    fill(service.index, [a_video("a", 'Été, "quoted"\nlines 🎬', subjects=("one", "two"), details=details)])

    answer = export(service, format="csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.text.count("\r\n") == 2
    assert rows(answer) == [
        {
            "video_id": "a",
            "url": "https://www.youtube.com/watch?v=a",
            "title": 'Été, "quoted"\nlines 🎬',
            "channel_id": "UCone",
            "channel_title": "Channel one",
            "published_at": "2026-03-01T12:00:00Z",
            "duration_s": "61",
            "view_count": "3000000000",
            "like_count": "",
            "comment_count": "",
            "live_broadcast_content": "none",
            "subjects": "one|two",
            "tags": "x|y",
            "first_seen_at": "2026-03-01T12:00:00Z",
            "updated_at": "2026-03-01T12:00:00Z",
            "refreshed_at": "2026-03-01T12:00:00Z",
            "description": "",
        }
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=cmd|"/c calc"!A1'])
def test_no_cell_of_csv_is_a_formula(service: Service, title: str) -> None:
    fill(service.index, [a_video("-id", title, channel_title=title, description=title)])

    [row] = rows(export(service, format="csv"))

    assert row["title"] == row["channel_title"] == row["description"] == "'" + title
    assert (row["video_id"], row["url"]) == ("'-id", "https://www.youtube.com/watch?v=-id")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_browser_saves_it_under_a_name_of_its_kind(library: Service, form: str) -> None:
    disposition = export(library, format=form).headers["content-disposition"]

    assert re.fullmatch(rf'attachment; filename="videos-\d{{8}}T\d{{6}}Z\.{form}"', disposition)


def test_filters_and_orders_are_those_of_a_search(library: Service) -> None:
    found = rows(export(library, format="csv", subject="odd", channel="UC1", sort="oldest"))

    assert [row["title"] for row in found][:3] == ["Number 1", "Number 7", "Number 13"]
    assert len(found) == 17


@pytest.mark.parametrize(("form", "content"), [("ndjson", b""), ("csv", b"video_id,")])
def test_nothing_found_is_an_empty_file(library: Service, form: str, content: bytes) -> None:
    answer = export(library, format=form, q="nothing-has-this")

    assert answer.content.startswith(content)
    assert answer.content.count(b"\n") == len(content.split(b",")) - 1


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({}, "format"),
        ({"format": "xlsx"}, "format"),
        ({"format": "csv", "q": '"open'}, "q"),
        ({"format": "csv", "page": "2"}, "page"),
        ({"format": "csv", "published_after": "soon"}, "published_after"),
    ],
)
def test_what_cannot_be_exported_is_a_problem(library: Service, parameters: dict[str, str], wrong: str) -> None:
    problem(library.client.get("/export", params=parameters), 422, wrong)


def test_an_index_that_is_away_from_the_beginning_is_a_problem(tmp_path: Path) -> None:
    with serving(tmp_path, ElasticsearchIndex("http://127.0.0.1:9", timeout_s=1)) as service:
        problem(service.client.get("/export", params={"format": "csv"}), 503)


class _Ending(EmbeddedIndex):
    """Goes away after some documents, as an engine that is shut down."""

    ends_after = 0

    def scan(self, request: SearchRequest) -> Iterator[dict[str, Any]]:
        yield from islice(super().scan(request), self.ends_after)
        raise IndexUnavailableError("gone")


@pytest.fixture(scope="module")
def ending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[_Ending, Service]]:
    """An index of 400 videos that goes away, and a service on it."""
    directory = tmp_path_factory.mktemp("ending")
    index = _Ending(directory / "index")
    with serving(directory, index, api_port=free_port()) as service:
        index.ensure()
        fill(index, [a_video(f"v{number}") for number in range(400)])
        yield index, service


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_index_that_goes_away_before_anything_was_sent_is_a_problem(
    ending: tuple[_Ending, Service], form: str
) -> None:
    index, service = ending
    index.ends_after = 50

    problem(service.client.get("/export", params={"format": form}), 503)


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_index_that_goes_away_in_the_middle_cuts_the_file(
    ending: tuple[_Ending, Service], form: str, encoding: str
) -> None:
    index, service = ending
    index.ends_after = 350

    with running(service) as port:
        outcome = _outcome(f"http://127.0.0.1:{port}/export?format={form}", encoding)

    assert isinstance(outcome, httpx2.RemoteProtocolError)


def _outcome(address: str, encoding: str) -> httpx2.Response | Exception:
    try:
        return httpx2.get(address, headers={"Accept-Encoding": encoding})
    except httpx2.HTTPError as error:
        return error


def test_a_large_export_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    thumbnails = {"default": {"url": "u" * 8_000}}
    with serving(tmp_path, api_port=free_port()) as service:
        service.index.ensure()
        fill(service.index, [a_video(f"v{number}", thumbnails=thumbnails) for number in range(8_000)])
        with running(service) as port:
            address = f"http://127.0.0.1:{port}/export?format=ndjson"
            _received(f"{address}&q=nothing-has-this")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            size = _received(address)
            grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert size > 64_000_000
    assert grown_kb < 30_000


def _received(address: str) -> int:
    with httpx2.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer:
        return sum(map(len, answer.iter_bytes()))


class UnscannedIndex(EmbeddedIndex):
    """An index that must not be scanned."""

    def scan(self, request: SearchRequest) -> Iterator[dict[str, Any]]:
        raise AssertionError(f"scanned for {request}")


def test_head_has_the_headers_of_the_file_and_scans_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, index=UnscannedIndex(tmp_path / "index")) as service:
        head = service.client.head("/export", params={"format": "csv"})
        invalid = service.client.head("/export", params={"format": "xml"})

    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/csv")
    assert "attachment" in head.headers["content-disposition"]
    assert "content-length" not in head.headers
    assert invalid.status_code == 422


class EndlessIndex(EmbeddedIndex):
    """An index whose scan has no end."""

    def scan(self, request: SearchRequest) -> Iterator[dict[str, Any]]:
        del request
        document = a_video("a", description="x" * 5_000).model_dump(mode="json")
        while True:
            yield document


@contextmanager
def exporting(port: int) -> Iterator[None]:
    """A client that has the beginning of a file, and takes no more."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /export?format=ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        yield


def connections_to(port: int) -> int:
    """How many the service holds."""
    held = psutil.Process().net_connections("tcp")
    return sum(each.laddr.port == port and each.status == psutil.CONN_ESTABLISHED for each in held)


def test_no_more_files_than_are_allowed_at_once_and_room_again_when_one_ends(tmp_path: Path) -> None:
    with serving(tmp_path, index=EndlessIndex(tmp_path / "index"), api_port=free_port()) as service:
        service.app.state.exports = Exports(most=2)
        with running(service) as port:
            address = f"http://127.0.0.1:{port}/export"
            with exporting(port):
                with exporting(port):
                    refused = httpx2.get(address, params={"format": "csv"})
                    assert "2 exports" in problem(refused, 503)["detail"]
                    assert refused.headers["retry-after"]
                    assert httpx2.head(address, params={"format": "csv"}).status_code == 200

                def let_in() -> bool:
                    with httpx2.stream("GET", address, params={"format": "csv"}) as answer:
                        return answer.status_code == 200

                await_condition(let_in)


def test_what_cannot_be_begun_takes_no_room(ending: tuple[_Ending, Service]) -> None:
    index, service = ending
    index.ends_after = 0
    service.app.state.exports = Exports(most=1)

    for _ in range(3):
        detail = problem(service.client.get("/export", params={"format": "csv"}), 503)["detail"]
        assert "the index cannot be reached" in detail


def test_a_client_that_takes_nothing_for_too_long_is_let_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SLOWEST_S", 0.3)
    with serving(tmp_path, index=EndlessIndex(tmp_path / "index"), api_port=free_port()) as service:
        service.app.state.exports = Exports(most=1, slowest_s=0.3)
        with running(service) as port, exporting(port):
            assert connections_to(port) == 1
            await_condition(lambda: any(record.getMessage() == "export_cut" for record in caplog.records))
            await_condition(lambda: connections_to(port) == 0)
            with exporting(port):
                pass
