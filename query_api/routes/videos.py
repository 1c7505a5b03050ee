"""Search, newest first, and single videos."""

from fastapi import APIRouter, Request, Response

from query_api.answers import Page, answer_search, json_answer, video_item
from query_api.dependencies import Index
from query_api.documentation import GET_PARAMETERS, SEARCH_PARAMETERS
from query_api.parameters import read_get, read_nothing, read_search
from query_api.problems import ProblemError
from schemas import Video

router = APIRouter(tags=["videos"])


@router.get("/search", response_model=Page, openapi_extra={"parameters": SEARCH_PARAMETERS})
def search(request: Request, index: Index) -> Response:
    """Videos that match; by relevance when there are words to search for, else newest first."""
    return answer_search(index, read_search(request))


@router.get("/get", response_model=Page, openapi_extra={"parameters": GET_PARAMETERS})
def get(request: Request, index: Index) -> Response:
    """Videos, newest first."""
    return answer_search(index, read_get(request))


@router.get("/videos/{video_id}", response_model=Video)
def video(request: Request, video_id: str, index: Index) -> Response:
    """One video."""
    read_nothing(request)
    found = index.get([video_id])[0] if len(video_id.encode("utf-8", "replace")) <= 64 else None
    if found is None:
        raise ProblemError(404, "no video with this id has been found so far", parameter="video_id")
    return json_answer(video_item(found.video))
