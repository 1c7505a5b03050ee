"""What a matcher finds among a few videos is what a search of the index finds, whichever engine it is on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import VideoDetails
from schemas.index import PATTERN
from tests.video_index.contract import NOON, a_video, fill
from video_index import QuestionError, SearchRequest, VideoIndex, parse_question
from video_index.elasticsearch import ElasticsearchIndex
from video_index.embedded import EmbeddedIndex
from video_index.matching import Matcher

VIDEOS = [
    a_video("rust", "Live coding in Rust", details=VideoDetails(duration_s=600)),
    a_video("iron", "How rust eats iron", channel_id="UCtwo", channel_title="Rust removal"),
    a_video("go", "Coding in Go", subjects=("subject-a", "subject-b"), published_at=NOON + timedelta(days=2)),
    a_video("tags", "Untitled", details=VideoDetails(duration_s=30, tags=("live coding",))),
    a_video("tokyo", "東京タワーの夜景 🔥", live_broadcast_content="live"),
]
SEARCHES = [
    *(
        SearchRequest(question=parse_question(q))
        for q in ("rust", "codes", '"live coding"', "cod", "live -rust", "go OR iron", "title:rust", "channel:rust")
    ),
    SearchRequest(question=parse_question("夜景")),
    SearchRequest(question=parse_question("-rust")),
    SearchRequest(question=parse_question("removal go")),
    SearchRequest(question=parse_question("rust live")),
    SearchRequest(question=parse_question("title:li -channel:remov")),
    SearchRequest(question=parse_question('"rust removal"')),
    SearchRequest(question=parse_question('"rust coding"')),
    SearchRequest(question=parse_question("nothing")),
    SearchRequest(),
    SearchRequest(subject="subject-b"),
    SearchRequest(channel="UCtwo"),
    SearchRequest(live="live"),
    SearchRequest(min_duration_s=60),
    SearchRequest(max_duration_s=60),
    SearchRequest(published_after=NOON + timedelta(seconds=1)),
    SearchRequest(published_before=NOON),
]


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)], scope="module")
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VideoIndex]:
    """An index of all of the videos."""
    with _opened(request, tmp_path_factory.mktemp("index")) as index:
        index.ensure()
        fill(index, VIDEOS)
        yield index


def _opened(request: pytest.FixtureRequest, directory: Path) -> VideoIndex:
    if request.param == "embedded":
        return EmbeddedIndex(directory)
    url = request.getfixturevalue("elasticsearch_url")
    with Elasticsearch(url) as client:
        for name in client.indices.get(index=PATTERN):
            client.indices.delete(index=name)
    return ElasticsearchIndex(url)


def test_a_matcher_finds_what_a_search_finds(index: VideoIndex) -> None:
    matcher = Matcher(VIDEOS)

    for request in SEARCHES:
        assert matcher.matches(request) == {video.video_id for video in index.search(request).videos}


PIECES = [
    "rust",
    "go",
    "live",
    "cod",
    '"live coding"',
    '"rust removal"',
    "東京",
    "🔥",
    "title:rust",
    "channel:rem",
    "x",
]


@given(st.lists(st.tuples(st.sampled_from(["", "-", "OR "]), st.sampled_from(PIECES)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_it_finds_the_same(index: VideoIndex, pieces: list[tuple[str, str]]) -> None:
    try:
        request = SearchRequest(question=parse_question(" ".join(map("".join, pieces))))
    except QuestionError:
        return

    assert Matcher(VIDEOS).matches(request) == {video.video_id for video in index.search(request).videos}


def test_every_video_is_found_by_one_of_these_searches_and_missed_by_another() -> None:
    found = [Matcher(VIDEOS).matches(request) for request in SEARCHES]

    for video in VIDEOS:
        assert {video.video_id in each for each in found} == {True, False}


def test_the_order_and_the_page_of_a_search_play_no_part() -> None:
    assert Matcher(VIDEOS).matches(SearchRequest(offset=3, limit=1)) == {video.video_id for video in VIDEOS}


def test_of_no_videos_none_match() -> None:
    assert Matcher([]).matches(SearchRequest()) == set()
