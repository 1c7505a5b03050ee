import json
from datetime import timedelta

import pytest
from pydantic import SecretStr

from producer.errors import KeyRefusedError, SearchError, UnavailableError
from producer.http import HttpClient, httpx
from producer.youtube import SearchRequest, YouTubeClient
from schemas import Window
from tests.producer import youtube_errors
from tests.producer.model_search import START, videos_at
from tests.producer.scripted import KEYS, URL

WINDOW = Window(start=START, end=START + timedelta(hours=1))
REQUEST = SearchRequest("green tea", WINDOW)


class Search:
    """A client, what it asked for, and an answer that can be changed."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answer = httpx.Response(200, json={"items": []})
        self._http = HttpClient(httpx.MockTransport(self._answer))

    def __call__(self, request: SearchRequest = REQUEST):
        return YouTubeClient(self._http, URL).search(request, SecretStr(KEYS[0]))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer


@pytest.fixture
def search() -> Search:
    return Search()


def test_a_request_asks_for_the_newest_videos_of_the_window(search):
    search()

    [asked] = search.asked
    assert str(asked.url).split("?")[0] == f"{URL}/search"
    assert dict(asked.url.params) == {
        "part": "snippet",
        "type": "video",
        "order": "date",
        "maxResults": "50",
        "safeSearch": "none",
        "q": "green tea",
        "publishedAfter": "2026-03-01T00:00:00Z",
        "publishedBefore": "2026-03-01T01:00:00Z",
    }


def test_the_key_travels_in_a_header_and_not_in_the_url(search):
    search()

    [asked] = search.asked
    assert asked.headers["X-Goog-Api-Key"] == KEYS[0]
    assert KEYS[0] not in str(asked.url)


def test_a_further_page_is_asked_for_by_its_token(search):
    search(SearchRequest("green tea", WINDOW, "CDIQAA"))

    assert search.asked[0].url.params["pageToken"] == "CDIQAA"


@pytest.mark.parametrize("query", ["a&b=c", "чай | 茶 -кофе", "50% #1 +?", "\U0001f375"])
def test_a_query_arrives_as_it_is(search, query):
    search(SearchRequest(query, WINDOW))

    assert search.asked[0].url.params["q"] == query


def test_a_good_answer_is_a_page(search):
    search.answer = httpx.Response(
        200, json={"items": [video.to_item() for video in videos_at(1, 2)], "nextPageToken": "CDIQAA"}
    )

    page = search()

    assert [item.video_id for item in page.items] == ["video0", "video1"]
    assert page.next_token == "CDIQAA"


def test_a_refused_key_is_told_from_youtube_being_away(search):
    search.answer = youtube_errors.invalid_key()
    with pytest.raises(KeyRefusedError):
        search()

    search.answer = httpx.Response(503)
    with pytest.raises(UnavailableError):
        search()


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500])
def test_a_key_that_youtube_repeats_is_in_no_error_nor_in_what_it_came_from(search, status):
    spelled = "".join(f"\\u{ord(c):04x}" for c in KEYS[0])
    search.answer = httpx.Response(
        status,
        headers={"Location": f"http://youtube.test/?key={KEYS[0]}"},
        content=f'{{"error": {{"message": "{KEYS[0]} {spelled}", "errors": [{{"reason": "{KEYS[0]}", '
        f'"locationType": "parameter", "location": "{spelled}"}}]}}}}',
    )

    with pytest.raises(SearchError) as refused:
        search()

    error: BaseException | None = refused.value
    while error is not None:
        assert KEYS[0] not in f"{error!r} {vars(error)}"
        error = error.__cause__ or error.__context__


def test_a_key_that_a_result_repeats_is_taken_out_of_it(search):
    item = videos_at(1)[0].to_item() | {"etag": KEYS[0]}
    search.answer = httpx.Response(200, json={"items": [item]})

    [found] = search().items

    assert json.loads(found.value)["etag"] == "[key]"
