"""Pages by cursor, near the beginning and deep in the results."""

from collections.abc import Iterator
from urllib.parse import urlencode

import orjson

from benchmarks.client import Client, timed
from benchmarks.made_up import Vocabulary
from benchmarks.tables import milliseconds, percentile
from query_api.cursor import Cursor
from schemas import utc_now
from video_index import SearchRequest, Sort, VideoIndex, parse_question

_PAGES = 100


def deep_pages(url: str, index: VideoIndex, depth: int) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """For each kind of search what a page takes at the beginning and behind `depth` results, and the ratio."""
    word = Vocabulary().words[0]
    question = parse_question(word)
    searches = {
        "everything, newest first": ({"sort": "newest"}, SearchRequest()),
        "a third of it, newest first": ({"q": word, "sort": "newest"}, SearchRequest(question)),
        "the same by relevance": (
            {"q": word, "sort": "relevance"},
            SearchRequest(question, sort=Sort.RELEVANCE),
        ),
        "everything by views": ({"sort": "views"}, SearchRequest(sort=Sort.VIEWS)),
    }
    for name, (given, request) in searches.items():
        first, deep = (_pages(url, given, _cursor(index, given, request, at)) for at in (0, depth))
        yield name, (milliseconds(first), milliseconds(deep), f"{deep / first:.2f}")


def _cursor(index: VideoIndex, given: dict[str, str], request: SearchRequest, offset: int) -> str:
    """The cursor behind the ten results at `offset`."""
    found = index.search(SearchRequest(request.question, sort=request.sort, offset=offset, limit=10))
    if found.next is None:
        raise SystemExit(f"{given} has not so many results")
    return Cursor(utc_now(), found.next).text(given)


def _pages(url: str, given: dict[str, str], cursor: str) -> float:
    """Median seconds of a page, where so many are taken one after another."""
    # A connection for each: the search for a deep cursor may take longer than one is kept idle.
    client, latencies = Client(url), []
    for _ in range(_PAGES):
        path = f"/search?{urlencode({**given, 'cursor': cursor})}"
        body = b""

        def ask(path: str = path) -> None:
            nonlocal body
            body = client.get(path)

        latencies.append(timed(ask))
        cursor = orjson.loads(body)["next_cursor"]
    return percentile(latencies, 0.5)
