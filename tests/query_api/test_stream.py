import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest

from event_log import NewRecord, Record
from query_api.dispatch import changes
from query_api.stream import REMEMBERED, Listener, Streams, event_id, parse_event_id
from schemas import VIDEOS, Video, VideoDetails, utc_now
from stack.ports import free_port
from tests.query_api.service import Service, problem, serving
from tests.query_api.test_server import running
from tests.video_index.contract import NOON, a_video, await_condition, fill

PATIENCE_S = 10.0


def new_video(video_id: str, title: str = "A title", **fields: Any) -> Video:
    """A video as its first sighting tells it, now."""
    now = utc_now()
    return a_video(video_id, title, **{"first_seen_at": now, "updated_at": now, "refreshed_at": now, **fields})


@pytest.fixture
def streaming(tmp_path: Path) -> Iterator[Service]:
    """A running service whose log has its topics; `address` tells where it answers."""
    with serving(tmp_path, api_port=free_port(), stream_clients=3) as service:
        service.log.create_topics([VIDEOS])
        with running(service):
            yield service


def address(service: Service) -> str:
    return f"http://127.0.0.1:{service.app.state.settings.api_port}/stream"


def tell(service: Service, *videos: Video) -> None:
    """What the processor appends for changes."""
    service.log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])


class Client:
    """Reads a stream as a browser does: blocks of fields, of which the last id counts."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines = answer.iter_lines()
        self.last_id = ""

    def block(self) -> dict[str, str]:
        """The next block; a comment is its field ``."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and fields:
                break
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
        self.last_id = fields.get("id", self.last_id)
        return fields

    def begin(self) -> None:
        """Waits until it is told where it began, from when on nothing is missed."""
        while not self.last_id:
            self.block()

    def video(self) -> dict[str, Any]:
        """The next video."""
        while "data" not in (fields := self.block()):
            pass
        assert fields["event"] == "video"
        item: dict[str, Any] = json.loads(fields["data"])
        return item

    def ids(self, count: int) -> list[str]:
        return [self.video()["video_id"] for _ in range(count)]


@contextmanager
def listening(service: Service, last_id: str = "", **filters: str) -> Iterator[Client]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with httpx2.stream("GET", address(service), params=filters, headers=headers, timeout=PATIENCE_S) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        client = Client(answer)
        if not last_id:
            client.begin()
        yield client


def test_a_new_match_is_told_as_search_would_answer_it(streaming: Service) -> None:
    with listening(streaming, q="rust") as client:
        video = new_video("a", "Live coding in <Rust>")
        streaming.index.ensure()
        tell(streaming, video)
        told = client.video()
        fill(streaming.index, [video])

    assert told == streaming.search(q="rust")["items"][0]
    assert told["highlights"]["title"] == "Live coding in &lt;<mark>Rust</mark>&gt;"


def test_only_what_matches_every_filter_is_told(streaming: Service) -> None:
    filters = {"q": "rust -go", "subject": "one", "channel": "UC1", "published_after": "now-1d", "min_duration": "60"}
    fitting = {"channel_id": "UC1", "subjects": ("one",), "details": VideoDetails(duration_s=90)}
    fitting |= {"published_at": utc_now()}
    with listening(streaming, **filters) as client:
        tell(
            streaming,
            new_video("words", "Rust and Go", **fitting),
            new_video("subject", "Rust", **{**fitting, "subjects": ("two",)}),
            new_video("channel", "Rust", **{**fitting, "channel_id": "UC2"}),
            new_video("old", "Rust", **{**fitting, "published_at": NOON}),
            new_video("short", "Rust", **{**fitting, "details": VideoDetails(duration_s=10)}),
            new_video("match", "Rust", **fitting),
        )

        assert client.ids(1) == ["match"]


def test_what_was_known_before_is_not_new(streaming: Service) -> None:
    tell(streaming, new_video("before"))
    with listening(streaming) as client:
        known = a_video("known", refreshed_at=utc_now(), details=VideoDetails(duration_s=1))
        tell(streaming, known, new_video("new"))

        assert client.ids(1) == ["new"]


def test_a_first_sighting_that_was_processed_late_is_new(streaming: Service) -> None:
    with listening(streaming) as client:
        seen = utc_now() - timedelta(hours=3)
        tell(streaming, new_video("late", first_seen_at=seen, updated_at=seen, refreshed_at=seen))

        assert client.ids(1) == ["late"]


def test_a_video_comes_once_however_often_it_changes(streaming: Service) -> None:
    with listening(streaming) as client:
        tell(streaming, new_video("a"))
        tell(streaming, new_video("a", details=VideoDetails(duration_s=5)), new_video("b"))

        assert client.ids(2) == ["a", "b"]


def test_a_video_that_begins_to_match_by_its_details_is_told_then(streaming: Service) -> None:
    with listening(streaming, q="ferris") as client:
        tell(streaming, new_video("a", "Crab"))
        tell(streaming, new_video("a", "Crab", details=VideoDetails(tags=("ferris",))))

        assert client.ids(1) == ["a"]


def test_a_video_that_is_refreshed_weeks_later_is_not_new_again(streaming: Service) -> None:
    month_ago = utc_now() - timedelta(days=30)
    with listening(streaming, last_id=event_id(month_ago, {})) as client:
        refreshed = new_video("refreshed", first_seen_at=month_ago + timedelta(days=5), details=VideoDetails())
        tell(streaming, refreshed, new_video("new"))

        assert client.ids(1) == ["new"]


def test_a_range_that_has_become_empty_ends_neither_its_stream_nor_others(streaming: Service) -> None:
    soon = (utc_now() + timedelta(seconds=3)).isoformat()
    with listening(streaming, published_after="now", published_before=soon) as empty, listening(streaming) as other:
        await_condition(lambda: utc_now().isoformat() > soon)
        tell(streaming, new_video("a", published_at=utc_now()))

        assert other.ids(1) == ["a"]
        assert empty.last_id


def test_a_stream_goes_on_behind_the_last_event(streaming: Service) -> None:
    with listening(streaming, q="number") as client:
        tell(streaming, *(new_video(f"v{number}", f"Number {number}") for number in range(3)))
        assert client.ids(2) == ["v0", "v1"]
        last = client.last_id
    tell(streaming, *(new_video(f"v{number}", f"Number {number}") for number in range(3, 5)))

    with listening(streaming, last_id=last, q="number") as again:
        tell(streaming, new_video("v5", "Number 5"))

        assert again.ids(4) == ["v2", "v3", "v4", "v5"]


def test_who_goes_on_further_back_changes_nothing_for_the_others(streaming: Service) -> None:
    with listening(streaming) as first:
        beginning = first.last_id
        tell(streaming, *(new_video(f"v{number}") for number in range(5)))
        assert first.ids(5) == [f"v{number}" for number in range(5)]

        with listening(streaming, last_id=beginning) as second:
            assert second.ids(5) == [f"v{number}" for number in range(5)]
            tell(streaming, new_video("v5"))

            assert (first.ids(1), second.ids(1)) == (["v5"], ["v5"])


def test_a_restart_of_the_service_loses_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, api_port=free_port()) as service:
        service.log.create_topics([VIDEOS])
        with running(service), listening(service) as client:
            last = client.last_id
        tell(service, new_video("meanwhile"))

    with (
        serving(tmp_path, api_port=free_port()) as service,
        running(service),
        listening(service, last_id=last) as client,
    ):
        assert client.ids(1) == ["meanwhile"]


def test_a_client_that_is_slow_misses_nothing_and_holds_up_nobody(streaming: Service) -> None:
    many, text = 1_500, "word " * 200
    with listening(streaming) as slow, listening(streaming) as quick:
        for first in range(0, many, 100):
            tell(streaming, *(new_video(f"v{first + number}", description=text) for number in range(100)))
        assert quick.ids(many) == [f"v{number}" for number in range(many)]

        assert slow.ids(many) == [f"v{number}" for number in range(many)]


def test_no_more_clients_than_are_allowed_and_room_again_when_one_leaves(streaming: Service) -> None:
    with listening(streaming), listening(streaming):
        with listening(streaming):
            refused = httpx2.get(address(streaming))
            assert "STREAM_CLIENTS" in problem(refused, 503)["detail"]
            assert refused.headers["retry-after"]

        def let_in() -> bool:
            with httpx2.stream("GET", address(streaming)) as answer:
                return answer.status_code == 200

        await_condition(let_in)


def test_a_client_that_takes_nothing_for_too_long_is_let_go(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving(tmp_path, api_port=free_port()) as service:
        service.log.create_topics([VIDEOS])
        service.app.state.streams = Streams(service.log, most=1, slowest_s=0.3)
        with running(service) as port, socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(1_000)
            numbers = count()

            def is_let_go() -> bool:
                first = next(numbers)
                tell(service, *(new_video(f"v{first}-{number}", description="x" * 5_000) for number in range(100)))
                return any(record.getMessage() == "stream_dropped" for record in caplog.records)

            await_condition(is_let_go)
            with listening(service) as other:
                tell(service, new_video("next"))
                assert other.ids(1) == ["next"]


def test_while_nothing_is_found_a_comment_tells_where_to_go_on() -> None:
    async def some_blocks() -> list[bytes]:
        listener = Listener({}, NOON, None)
        blocks = listener.events(heartbeat_s=0.01)
        told = [await anext(blocks), await anext(blocks)]
        listener.reach({(VIDEOS.name, 0): 7})
        told += [await anext(blocks), await anext(blocks)]
        listener.reach({(VIDEOS.name, 0): 9})
        await asyncio.sleep(0)
        return [*told, await anext(blocks)]

    assert asyncio.run(some_blocks()) == [
        b"retry: 3000\n\n",
        b": still here\n\n",
        b"id: 1772366400:0=7\n\n",
        b": still here\nid: 1772366400:0=7\n\n",
        b": still here\nid: 1772366400:0=9\n\n",
    ]


@pytest.mark.parametrize(
    "last",
    ["nonsense", "1", ":", "1764012345", "1764012345:x", "1764012345:0", "99999999999:0=1", "1:0=1,", "-1:0=1", "é"],
)
def test_an_id_that_was_never_given_is_a_problem(service: Service, last: str) -> None:
    answer = service.client.get("/stream", headers={"Last-Event-ID": last.encode()})

    problem(answer, 422, "Last-Event-ID")


@pytest.mark.parametrize(
    ("parameter", "value"), [("q", '"open'), ("published_after", "soon"), ("page", "1"), ("sort", "newest")]
)
def test_a_stream_of_an_invalid_search_is_a_problem(service: Service, parameter: str, value: str) -> None:
    problem(service.client.get("/stream", params={parameter: value}), 422, parameter)


def test_an_id_of_a_log_that_lost_its_end_goes_on_from_the_end(streaming: Service) -> None:
    beyond = event_id(utc_now() - timedelta(hours=1), {(VIDEOS.name, 0): 10**9})
    with listening(streaming, last_id=beyond) as client:
        client.last_id = ""
        client.begin()
        tell(streaming, new_video("a"))

        assert client.ids(1) == ["a"]


def test_ids_are_read_as_they_were_written() -> None:
    positions = {(VIDEOS.name, 2): 7, (VIDEOS.name, 0): 12}

    assert event_id(NOON, positions) == "1772366400:0=12,2=7"
    yesterday = utc_now() - timedelta(days=1)
    assert parse_event_id(event_id(yesterday, positions)) == (yesterday, positions)
    assert parse_event_id(event_id(yesterday, {})) == (yesterday, {})


@pytest.mark.parametrize("began", [datetime(1970, 1, 1, tzinfo=UTC), NOON - timedelta(days=9_999)])
def test_a_stream_of_long_ago_goes_on_with_what_can_be_promised(began: datetime) -> None:
    floor = utc_now() - REMEMBERED

    read, positions = parse_event_id(event_id(began, {(VIDEOS.name, 0): 4}))

    assert floor <= read <= floor + timedelta(seconds=60)
    assert positions == {(VIDEOS.name, 0): 4}


def test_a_service_whose_clock_is_behind_goes_on_with_the_id_of_another() -> None:
    began, _ = parse_event_id(event_id(utc_now() + timedelta(minutes=1), {}))

    assert began <= utc_now()


def test_a_range_that_was_empty_when_the_stream_began_is_no_mistake_now(streaming: Service) -> None:
    last, since = event_id(utc_now() - timedelta(days=3), {}), (utc_now() - timedelta(days=2)).isoformat()
    with listening(streaming, last, published_after=since, published_before="now") as client:
        tell(streaming, new_video("a", published_at=utc_now()))

        assert client.ids(1) == ["a"]


def test_what_was_appended_before_a_stream_began_is_not_even_read() -> None:
    now = utc_now()
    records = [
        Record(VIDEOS.name, 0, offset, "a", value, (), int((now - timedelta(days=days)).timestamp() * 1000))
        for offset, (days, value) in enumerate([(9, b"no video"), (1, new_video("a").to_json()), (0, None)])
    ]

    assert [record.offset for record, _ in changes(records, now - timedelta(days=2))] == [1]


def test_a_stream_that_goes_on_from_a_partition_that_is_not_there_goes_on(streaming: Service) -> None:
    last = event_id(utc_now(), {(VIDEOS.name, 99): 10**17, (VIDEOS.name, 0): 0})
    with listening(streaming, last) as client:
        tell(streaming, new_video("a"))

        assert client.ids(1) == ["a"]


def test_head_has_the_headers_of_a_stream_and_opens_none(streaming: Service) -> None:
    with httpx2.Client(timeout=PATIENCE_S) as client:
        answers = [client.head(address(streaming)) for _ in range(5)]
        refused = client.head(address(streaming), params={"q": '"open'})

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["content-type"].startswith("text/event-stream")
    assert answers[0].headers["cache-control"] == "no-store"
    assert refused.status_code == 422
    with listening(streaming), listening(streaming), listening(streaming) as last:
        tell(streaming, new_video("a"))
        assert last.ids(1) == ["a"]
