from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas import VideoDetails
from stack.ports import free_port
from tests.query_api.service import Service, problem, serving
from tests.video_index.contract import NOON, a_video, fill
from video_index import SearchRequest, Write
from video_index.elasticsearch import ElasticsearchIndex


def ids(page: dict[str, Any]) -> list[str]:
    return [item["video_id"] for item in page["items"]]


def numbers(page: dict[str, Any]) -> list[int]:
    return [int(item["title"].removeprefix("Number ")) for item in page["items"]]


def test_an_item_is_the_whole_document_and_its_watch_page(service: Service) -> None:
    video = a_video("vid-1", "Été 🎬", details=VideoDetails(duration_s=61, tags=("x",), view_count=3_000_000_000))
    fill(service.index, [video])

    page = service.newest()

    assert page["total"] == {"value": 1, "relation": "eq"}
    assert (page["page"], page["limit"]) == (1, 5)
    assert isinstance(page["took_ms"], int)
    assert page["items"] == [
        {
            "video_id": "vid-1",
            "title": "Été 🎬",
            "description": "",
            "channel_id": "UCone",
            "channel_title": "Channel one",
            "published_at": "2026-03-01T12:00:00Z",
            "thumbnails": {"default": {"url": "https://i.ytimg.com/vi/x/default.jpg", "width": 120, "height": 90}},
            "live_broadcast_content": "none",
            "subjects": ["subject-a"],
            "first_seen_at": "2026-03-01T12:00:00Z",
            "updated_at": "2026-03-01T12:00:00Z",
            "refreshed_at": "2026-03-01T12:00:00Z",
            "details": {
                "duration_s": 61,
                "tags": ["x"],
                "category_id": None,
                "view_count": 3_000_000_000,
                "like_count": None,
                "comment_count": None,
            },
            "url": "https://www.youtube.com/watch?v=vid-1",
        }
    ]


def test_an_index_without_videos_answers_an_empty_page(service: Service) -> None:
    assert service.search(q="x")["items"] == []
    assert service.newest()["total"] == {"value": 0, "relation": "eq"}


def test_an_index_that_nothing_ever_wrote_answers_an_empty_page(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        assert service.newest()["items"] == []


def test_get_gives_the_newest_five(library: Service) -> None:
    assert numbers(library.newest()) == [99, 98, 97, 96, 95]


def test_search_gives_ten(library: Service) -> None:
    assert numbers(library.search()) == list(range(99, 89, -1))


@pytest.mark.parametrize("path", ["/get", "/search"])
def test_pages_join_to_the_whole_and_end(library: Service, path: str) -> None:
    pages = [library.client.get(path, params={"page": page, "limit": 30}).json() for page in range(1, 6)]

    assert [number for page in pages for number in numbers(page)] == list(range(99, -1, -1))
    assert [len(page["items"]) for page in pages] == [30, 30, 30, 10, 0]
    assert {page["total"]["value"] for page in pages} == {100}


def test_the_deepest_page_is_empty(library: Service) -> None:
    page = library.newest(page=200_000, limit=50)

    assert (page["items"], page["total"]["value"]) == ([], 100)


def test_both_ends_of_the_dates_are_included(library: Service) -> None:
    page = library.newest(
        page=1, limit=10, published_after="2026-03-01T12:03:00Z", published_before="2026-03-01T12:06:00Z"
    )

    assert numbers(page) == [6, 5, 4, 3]


def test_words_phrases_and_exclusions(service: Service) -> None:
    fill(
        service.index,
        [a_video("a", "Live coding in Rust"), a_video("b", "Rust removal, live"), a_video("c", "Coding live")],
    )

    assert ids(service.search(q='"live coding"')) == ["a"]
    assert ids(service.search(q="rust -removal")) == ["a"]
    assert set(ids(service.search(q="live"))) == {"a", "b", "c"}


def test_words_in_any_script_arrive_percent_encoded(service: Service) -> None:
    fill(service.index, [a_video("a", "東京タワーの夜景 🔥")])

    assert ids(service.search(q="夜景")) == ["a"]
    assert ids(service.search(q="🔥")) == ["a"]


def test_subject_channel_and_order(library: Service) -> None:
    page = library.search(subject="odd", channel="UC1", sort="oldest", limit=3)

    assert numbers(page) == [1, 7, 13]


def test_with_words_relevance_comes_first_unless_another_order_is_asked(service: Service) -> None:
    fill(
        service.index,
        [
            a_video("title", "Pandas", published_at=NOON),
            a_video("described", "Pets", description="pandas", published_at=NOON + timedelta(days=1)),
        ],
    )

    assert ids(service.search(q="pandas")) == ["title", "described"]
    assert ids(service.search(q="pandas", sort="newest")) == ["described", "title"]


def test_highlights_mark_the_words_and_are_safe_as_html(service: Service) -> None:
    fill(service.index, [a_video("a", '<script>alert("cat")</script>', description="<img onerror='cats' & more>")])

    [item] = service.search(q="cat")["items"]

    assert item["highlights"] == {
        "title": "&lt;script&gt;alert(&quot;<mark>cat</mark>&quot;)&lt;/script&gt;",
        "description": "&lt;img onerror=&#x27;<mark>cats</mark>&#x27; &amp; more&gt;",
    }


def test_without_words_there_are_no_highlights(library: Service) -> None:
    assert "highlights" not in library.search(limit=1)["items"][0]


def test_one_video_by_its_id(library: Service) -> None:
    answer = library.client.get("/videos/video-07")

    assert answer.status_code == 200
    assert [answer.json()] == library.search(published_before="2026-03-01T12:07:00Z", limit=1)["items"]
    assert answer.json()["url"] == "https://www.youtube.com/watch?v=video-07"


@pytest.mark.parametrize("video_id", ["unknown", "a%00b", "%20", "é" * 60, "x" * 5_000, "%2e%2e", "a%25b", "'--"])
def test_an_unknown_id_is_not_found(library: Service, video_id: str) -> None:
    answer = library.client.get(f"/videos/{video_id}")

    problem(answer, 404)


def test_an_unknown_id_is_named(library: Service) -> None:
    problem(library.client.get("/videos/unknown"), 404, "video_id")


def test_while_the_index_is_away_searches_say_so_and_when_to_try_again(tmp_path: Path) -> None:
    away = ElasticsearchIndex(f"http://127.0.0.1:{free_port()}", timeout_s=1)
    with serving(tmp_path, index=away) as service:
        for path in ("/search?q=x", "/get", "/videos/x"):
            answer = service.client.get(path)

            assert "index" in problem(answer, 503)["detail"]
            assert int(answer.headers["retry-after"]) > 0


def test_searches_are_answered_while_the_log_is_away(library: Service, tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.index.ensure()
        fill(service.index, [a_video("a")])
        service.log.close()

        assert ids(service.newest()) == ["a"]
        assert service.client.get("/videos/a").status_code == 200


def test_sixteen_threads_search_while_videos_arrive(service: Service) -> None:
    def write() -> None:
        for batch in range(10):
            writes = [
                Write(a_video(f"{batch}-{number}", "Cat", published_at=NOON + timedelta(minutes=batch)), None)
                for number in range(5)
            ]
            service.index.write(writes)

    def search(_: int) -> list[int]:
        totals = []
        for _ in range(10):
            page = service.search(q="cat", limit=50)
            published = [item["published_at"] for item in page["items"]]
            assert published == sorted(published, reverse=True)
            assert len(page["items"]) == min(50, page["total"]["value"])
            totals.append(page["total"]["value"])
        return totals

    with ThreadPoolExecutor(17) as pool:
        writing = pool.submit(write)
        seen = list(pool.map(search, range(16)))
        writing.result()

    for totals in seen:
        assert totals == sorted(totals)
        assert all(total % 5 == 0 for total in totals)
    assert service.index.search(SearchRequest()).total == 50
