"""Videos counted by when they were published, and by whom."""

import time

from fastapi import APIRouter, Request, Response

from query_api.answer_models import Channels, Timeline
from query_api.answers import timed_answer
from query_api.dependencies import Index
from query_api.documentation import CHANNELS_PARAMETERS, READ_KNOWN, TIMELINE_PARAMETERS, answer
from query_api.examples import CHANNELS, TIMELINE
from query_api.parameters import read_channels, read_timeline
from query_api.problems import ProblemError
from schemas import format_utc
from video_index import Interval, IntervalError

router = APIRouter(prefix="/stats", tags=["statistics"])


@router.get(
    "/timeline",
    response_model=Timeline,
    responses={200: answer(TIMELINE, "ETag"), **READ_KNOWN},
    openapi_extra={"parameters": TIMELINE_PARAMETERS},
)
def timeline(request: Request, index: Index) -> Response:
    """How many of the videos were published when: every interval from the first video's to the last's, in UTC."""
    began = time.perf_counter()
    try:
        found = index.timeline(*read_timeline(request))
    except IntervalError as error:
        accepted = f"a longer one of {', '.join(Interval)}, or a shorter range of dates"
        raise ProblemError(422, str(error), parameter="interval", accepted=accepted) from error
    buckets = [{"from": format_utc(start), "count": count} for start, count in found.buckets]
    body = {"interval": found.interval, "buckets": buckets, "total": found.total}
    return timed_answer(request, began, body)


@router.get(
    "/channels",
    response_model=Channels,
    responses={200: answer(CHANNELS, "ETag"), **READ_KNOWN},
    openapi_extra={"parameters": CHANNELS_PARAMETERS},
)
def channels(request: Request, index: Index) -> Response:
    """The channels with the most of the videos; `total` is how many videos match in all."""
    began = time.perf_counter()
    found = index.channels(*read_channels(request))
    shown = [{"channel_id": each.value, "title": each.title, "count": each.count} for each in found.channels]
    return timed_answer(request, began, {"channels": shown, "total": found.total})
