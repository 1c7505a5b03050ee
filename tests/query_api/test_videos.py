from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from query_api.cursor import Cursor
from schemas import VideoDetails, utc_now
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
                "default_audio_language": None,
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


def links(answer: Response) -> dict[str, str]:
    """The targets of the Link header by their relations."""
    return {relation: link["url"] for relation, link in answer.links.items() if relation is not None}


def test_pages_are_linked_to_the_first_the_one_before_and_the_next(library: Service) -> None:
    first = library.client.get("/search?q=number&limit=40")

    second = library.client.get(links(first)["next"])
    third = library.client.get(links(second)["next"])

    assert links(first) == {
        "first": "/search?q=number&limit=40",
        "next": "/search?q=number&limit=40&page=2",
    }
    assert links(second)["prev"] == "/search?q=number&limit=40&page=1"
    assert set(links(third)) == {"first", "prev"}
    assert [number for answer in (first, second, third) for number in numbers(answer.json())] == list(
        range(99, -1, -1)
    )


def test_links_of_get_and_of_searches_in_any_script(library: Service) -> None:
    assert links(library.client.get("/get?limit=50"))["next"] == "/get?limit=50&page=2"
    assert links(library.client.get("/search", params={"q": 'été "ü&=" 東京'}))["first"].isascii()


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "views"])
def test_cursors_lead_through_the_whole(library: Service, sort: str) -> None:
    pages = [library.search(q="number", sort=sort, limit=30)]
    while pages[-1]["next_cursor"] is not None:
        pages.append(library.search(q="number", sort=sort, limit=30, cursor=pages[-1]["next_cursor"]))

    seen = [number for page in pages for number in numbers(page)]
    assert seen == list(range(100) if sort == "oldest" else range(99, -1, -1))
    assert [page["page"] for page in pages] == [1, None, None, None]
    assert {page["total"]["value"] for page in pages} == {100}


def test_a_page_behind_a_cursor_is_linked_to_the_first_and_the_next(library: Service) -> None:
    cursor = library.search(limit=40)["next_cursor"]

    answer = library.client.get("/search", params={"limit": 40, "cursor": cursor})

    assert links(answer) == {
        "first": "/search?limit=40",
        "next": f"/search?limit=40&cursor={answer.json()['next_cursor']}",
    }
    assert "next" not in links(library.client.get(links(answer)["next"]))


def test_another_length_of_pages_and_facets_may_be_asked_for_behind_a_cursor(library: Service) -> None:
    cursor = library.search(limit=40)["next_cursor"]

    assert numbers(library.search(limit=2, facets="days", cursor=cursor)) == [59, 58]


def test_now_is_when_the_first_page_was_asked_for(library: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"published_before": "now", "sort": "oldest", "limit": 1}
    monkeypatch.setattr("query_api.parameters.utc_now", lambda: NOON + timedelta(minutes=1))
    cursor = library.search(**asked)["next_cursor"]

    monkeypatch.setattr("query_api.parameters.utc_now", lambda: NOON + timedelta(minutes=60))

    assert library.search(**asked, cursor=cursor)["total"]["value"] == 2


def test_a_cursor_of_another_search_is_refused(library: Service) -> None:
    cursor = library.search(q="number", limit=1)["next_cursor"]

    for other in ({"q": "other"}, {"q": "number", "sort": "oldest"}, {"q": "number", "subject": "odd"}, {}):
        answer = library.client.get("/search", params={**other, "cursor": cursor})
        assert "another search" in problem(answer, 422, "cursor")["detail"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "views"])
def test_a_cursor_of_another_order_is_refused(library: Service, sort: str) -> None:
    given = {"q": "number", "sort": sort}
    right = 1 if sort in ("newest", "oldest") else 2

    for length in {1, 2, 3} - {right}:
        made_up = Cursor(utc_now(), (5,) * length).text(given)
        problem(library.client.get("/search", params={**given, "cursor": made_up}), 422, "cursor")


def test_a_cursor_and_a_page_exclude_each_other(library: Service) -> None:
    cursor = library.search(limit=1)["next_cursor"]

    problem(library.client.get("/search", params={"page": 1, "cursor": cursor}), 422, "cursor")


def test_every_cursor_that_was_changed_is_refused(library: Service) -> None:
    cursor = library.search(limit=1)["next_cursor"]
    changed = {cursor[:place] + letter + cursor[place + 1 :] for place in range(len(cursor)) for letter in "A_"}
    changed |= {cursor[:-1], cursor + "A", cursor + "=", cursor * 9, "", "é", " " + cursor, "\x00", "AAAA"}

    for other in changed - {cursor}:
        answer = library.client.get("/search", params={"cursor": other})
        assert "cursor" in problem(answer, 422, "cursor")["detail"]


def test_get_has_no_cursors(library: Service) -> None:
    problem(library.client.get("/get", params={"cursor": "x"}), 422, "cursor")
    assert "next_cursor" not in library.newest()


def test_facets_are_there_when_they_are_asked_for(library: Service) -> None:
    assert "facets" not in library.search()
    assert library.search(facets="days")["facets"] == {"days": [{"value": "2026-03-01", "count": 100}]}

    facets = library.search(subject="even", facets="subjects,channels,days")["facets"]

    assert facets["subjects"] == [{"value": "even", "count": 50}]
    assert facets["channels"][0] == {"value": "UC0", "title": "Channel one", "count": 17}
    assert list(facets) == ["subjects", "channels", "days"]


def test_where_nothing_matches_another_spelling_is_used_and_told(library: Service) -> None:
    page = library.search(q="Numbre -17", limit=3)

    assert page["spelling"] == {"asked": "Numbre -17", "used": "number -17"}
    assert numbers(page) == [99, 98, 97]
    assert page["total"]["value"] == 99
    assert page["items"][0]["highlights"] == {"title": "<mark>Number</mark> 99"}


def test_another_spelling_has_further_pages(library: Service) -> None:
    first = library.search(q="numbre", limit=50)
    second = library.search(q="numbre", limit=50, cursor=first["next_cursor"])

    assert numbers(first) + numbers(second) == list(range(99, -1, -1))
    assert second["spelling"] == first["spelling"]


@pytest.mark.parametrize("q", ["number", "nothinglikeit", "-number", "numbre zzzzzz"])
def test_otherwise_there_is_no_spelling(library: Service, q: str) -> None:
    assert "spelling" not in library.search(q=q)


def test_a_spelling_that_would_ask_for_something_else_is_not_used(service: Service) -> None:
    fill(service.index, [a_video("a", "Number one")])

    for q in ("ORchannel:?", "xchannel:number"):
        assert "spelling" not in service.search(q=q)


def test_filters_that_leave_nothing_out_of_another_spelling_leave_the_question_as_it_was(library: Service) -> None:
    assert "spelling" not in library.search(q="numbre", subject="unknown")


@pytest.mark.parametrize("path", ["/search?q=number", "/get", "/suggest?q=num", "/stats/timeline", "/stats/channels"])
def test_an_answer_that_is_known_is_not_sent_again(service: Service, path: str) -> None:
    fill(service.index, [a_video("a", "Number")])
    first = service.client.get(path)
    etag = first.headers["etag"]

    for known in (etag, f'"x", {etag}', "*", etag.removeprefix("W/")):
        answer = service.client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert service.client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200

    fill(service.index, [a_video("b", "Number too", channel_id="UCtwo")])

    changed = service.client.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


def test_an_etag_does_not_depend_on_the_time(library: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    before = library.client.get("/search?limit=1")
    monkeypatch.setattr("query_api.parameters.utc_now", lambda: NOON)

    assert library.client.get("/search?limit=1").headers["etag"] == before.headers["etag"]
