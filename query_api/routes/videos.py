"""Search, newest first, and single videos.

The pages of videos are coroutines that go to a thread by themselves: to those for searches, of which there are as
many as fit the index (`app.py`), where FastAPI would take one of its own 40.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from query_api.answer_models import Item, Page, Results
from query_api.answers import answer_newest, answer_search, item, json_answer
from query_api.clients import client_of
from query_api.dependencies import Index
from query_api.documentation import GET_PARAMETERS, READ_KNOWN, READ_ONE, SEARCH_PARAMETERS, answer, links
from query_api.examples import ITEM, PAGE, RESULTS
from query_api.parameters import SearchParameters, read_get, read_nothing, read_search
from query_api.problems import ProblemError
from query_api.rates import Rate

router = APIRouter(tags=["videos"])

_MAX_ID = 64
"""Bytes; YouTube's ids have 11."""

_FIRST = links("/items/0/video_id", "video_id", "video")
_SKIPPED_AT_ONCE = 10_000
"""Videos: an index skips so many at the cost of a search, or more."""

_VideoId = Annotated[str, Path(description="Id of a video.", examples=[ITEM["video_id"]])]


@router.get(
    "/search",
    response_model=Results,
    responses={200: answer(RESULTS, "ETag", "Link", links=_FIRST), **READ_KNOWN},
    openapi_extra={"parameters": SEARCH_PARAMETERS},
)
async def search(request: Request, index: Index) -> Response:
    """Videos that match; by relevance when there are words to search for, else newest first.

    Where nothing matches, words that occur nowhere are replaced by the closest that do, and `spelling` says so.
    """
    asked = read_search(request)
    _count_skipped(request, asked)
    return await asyncio.to_thread(answer_search, request, index, asked)


@router.get(
    "/get",
    response_model=Page,
    responses={200: answer(PAGE, "ETag", "Link", links=_FIRST), **READ_KNOWN},
    openapi_extra={"parameters": GET_PARAMETERS},
)
async def get(request: Request, index: Index) -> Response:
    """Videos, newest first."""
    asked = read_get(request)
    _count_skipped(request, asked)
    return await asyncio.to_thread(answer_newest, request, index, asked)


@router.get("/videos/{video_id}", response_model=Item, responses={200: answer(ITEM), **READ_ONE})
def video(request: Request, video_id: _VideoId, index: Index) -> Response:
    """One video."""
    read_nothing(request)
    found = index.get([video_id])[0] if len(video_id.encode()) <= _MAX_ID else None
    if found is None:
        raise ProblemError(
            404,
            "no video with this id has been found so far",
            parameter="video_id",
            accepted="a video_id that GET /search answers",
        )
    return json_answer(item(found.video.model_dump(mode="json")))


def _count_skipped(request: Request, asked: SearchParameters) -> None:
    """A page far back takes the index as long as many searches, and counts as so many."""
    searches: Rate = request.app.state.searches
    searches.count(client_of(request.scope), asked.request.offset // _SKIPPED_AT_ONCE)
