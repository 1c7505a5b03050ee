"""Search, newest first, and single videos."""

from fastapi import APIRouter, Request, Response

from query_api.answers import Item, Page, answer_search, json_answer, video_item
from query_api.dependencies import Index
from query_api.documentation import GET_PARAMETERS, READ, READ_ONE, SEARCH_PARAMETERS
from query_api.parameters import read_get, read_nothing, read_search
from query_api.problems import ProblemError

router = APIRouter(tags=["videos"])

_MAX_ID = 64
"""Bytes; YouTube's ids have 11."""


@router.get("/search", response_model=Page, responses=READ, openapi_extra={"parameters": SEARCH_PARAMETERS})
def search(request: Request, index: Index) -> Response:
    """Videos that match; by relevance when there are words to search for, else newest first."""
    return answer_search(index, read_search(request))


@router.get("/get", response_model=Page, responses=READ, openapi_extra={"parameters": GET_PARAMETERS})
def get(request: Request, index: Index) -> Response:
    """Videos, newest first."""
    return answer_search(index, read_get(request))


@router.get("/videos/{video_id}", response_model=Item, responses=READ_ONE)
def video(request: Request, video_id: str, index: Index) -> Response:
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
    return json_answer(video_item(found.video))
