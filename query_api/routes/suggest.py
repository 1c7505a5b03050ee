"""Titles and channels while somebody types."""

import time

from fastapi import APIRouter, Request, Response

from query_api.answer_models import Suggestions
from query_api.answers import timed_answer
from query_api.dependencies import Index
from query_api.documentation import READ_KNOWN, SUGGEST_PARAMETERS, answer
from query_api.examples import SUGGESTIONS
from query_api.parameters import read_suggest

router = APIRouter(tags=["videos"])


@router.get(
    "/suggest",
    response_model=Suggestions,
    responses={200: answer(SUGGESTIONS, "ETag"), **READ_KNOWN},
    openapi_extra={"parameters": SUGGEST_PARAMETERS},
)
def suggest(request: Request, index: Index) -> Response:
    """Titles and channels that hold all words of `q`, the last one as a beginning."""
    began = time.perf_counter()
    found = index.suggest(*read_suggest(request))
    body = {
        "titles": [{"text": text, "video_id": video_id} for text, video_id in found.titles],
        "channels": [{"channel_id": channel.value, "title": channel.title} for channel in found.channels],
    }
    return timed_answer(request, began, body)
