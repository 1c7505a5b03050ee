"""Any search as a feed for feed readers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from query_api.conditional import conditional, weak_etag
from query_api.dependencies import Index
from query_api.documentation import FEED_PARAMETERS, READ_KNOWN, said_in
from query_api.examples import ITEM
from query_api.feed import ATOM_TYPE, RSS_TYPE, Feed, atom, rss
from query_api.parameters import FILTERS, MAX_LIMIT, search_request
from query_api.values import given_in, number_in
from schemas import Video, utc_now
from video_index import Sort, VideoIndex

router = APIRouter(tags=["take it with you"])

_DOCUMENTED: dict[str, Any] = {"parameters": FEED_PARAMETERS}


def _answers(path: str, media_type: str, write: Callable[[Feed], bytes]) -> dict[int | str, dict[str, Any]]:
    example = Feed(
        "topicreel",
        {"q": "street food"},
        [Video.model_validate({name: value for name, value in ITEM.items() if name != "url"})],
        f"http://127.0.0.1:8000{path}?q=street+food",
        "http://127.0.0.1:8000/?q=street+food",
    )
    content: dict[str, Any] = {media_type.partition(";")[0]: {"example": write(example).decode()}}
    headers = said_in("ETag")
    return {200: {"description": "The feed.", "content": content, "headers": headers}, **READ_KNOWN}


@router.get(
    "/feed.atom",
    response_class=Response,
    responses=_answers("/feed.atom", ATOM_TYPE, atom),
    openapi_extra=_DOCUMENTED,
)
def atom_feed(request: Request, index: Index) -> Response:
    """A search as an Atom feed, newest first; its `updated` is when the newest text of its videos was told."""
    return _answer(request, index, atom, ATOM_TYPE)


@router.get(
    "/feed.rss",
    response_class=Response,
    responses=_answers("/feed.rss", RSS_TYPE, rss),
    openapi_extra=_DOCUMENTED,
)
def rss_feed(request: Request, index: Index) -> Response:
    """The same as RSS 2.0."""
    return _answer(request, index, rss, RSS_TYPE)


def _answer(request: Request, index: VideoIndex, write: Callable[[Feed], bytes], media_type: str) -> Response:
    feed = _feed(request, index)
    body = write(feed)
    # No Last-Modified: a video may come within the same second, or late with an older time.
    return conditional(request, body, weak_etag(body), {"Content-Type": media_type})


def _feed(request: Request, index: VideoIndex) -> Feed:
    given = given_in(request, (*FILTERS, "sort", "limit"))
    asked = search_request(given, utc_now())
    limit = number_in(given, "limit", default=MAX_LIMIT, most=MAX_LIMIT)
    found = index.search(replace(asked, sort=asked.sort if "sort" in given else Sort.NEWEST, limit=limit))
    # The page takes the same filters, and knows neither `sort` by itself nor `limit`.
    page = request.url.replace(path="/").remove_query_params(["limit"])
    return Feed(request.app.title, given, found.videos, str(request.url), str(page))
