"""What the pipeline does, for people and for Prometheus."""

from collections import Counter
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from event_log import EventLog, LogUnavailableError
from query_api.answers import json_answer
from query_api.backlog import Backlog, read_backlog
from query_api.control import Control
from query_api.dependencies import OnControl, OnLog, log_name, seen_producer
from query_api.documentation import answer
from query_api.documented_errors import problem_answers
from query_api.examples import METRICS, STATUS
from query_api.key_states import State, key_counts
from query_api.log_calls import LogCalls
from query_api.metrics import exposition
from query_api.parameters import read_nothing
from query_api.producer_view import ProducerSnapshot, local
from query_api.request_metrics import RequestMetrics
from schemas import ProjectStatus, SubjectStatus, UtcSecond, utc_now

router = APIRouter(tags=["status"])


class Project(ProjectStatus):
    """The quota of a project."""

    resets_at_local: str = Field(description="The reset in the time zone of the machine that answers.")


class Status(BaseModel):
    """What the producer does, and for what."""

    state: Literal["polling", "waiting", "away"]
    reason: str | None = Field(description="Why nothing is polled, or what else fails; null while all is as planned.")
    as_of: UtcSecond | None = Field(description="When the producer last told of itself.")
    instance: str | None = Field(description="Which producer has the work.")
    subjects: list[SubjectStatus]
    projects: list[Project]
    channels: int = Field(description="Channels whose uploads are followed.")
    videos: int | None = Field(description="Videos in the index; null while it is away.")
    awaiting_details: int | None = Field(description="Videos not looked up yet.")
    oldest_refreshed_at: UtcSecond | None = Field(description="Of the video refreshed longest ago.")
    simulated: bool


@router.get("/status", response_model=Status, responses={200: answer(STATUS), **problem_answers()})
async def status(request: Request) -> Response:
    """What the producer does, per subject and per project; also while Kafka or the index is away."""
    read_nothing(request)
    return json_answer(_status(request, await seen_producer(request)).model_dump(mode="json"))


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text.", "content": {"text/plain": {"example": METRICS}}},
        **problem_answers(),
    },
)
async def metrics(request: Request, control: OnControl, log: OnLog) -> Response:
    """The same as numbers, and the requests that were answered, for Prometheus."""
    read_nothing(request)
    requests: RequestMetrics = request.app.state.requests
    seen = await seen_producer(request)
    keys, backlog = await _counted(request.app.state.log, control, log, seen)
    text = await run_in_threadpool(exposition, seen, keys, backlog, utc_now())
    return Response(text + await run_in_threadpool(requests.exposition), media_type=CONTENT_TYPE_LATEST)


async def _counted(
    log: EventLog, control: Control, calls: LogCalls, seen: ProducerSnapshot
) -> tuple[Counter[State] | None, Backlog | None]:
    """Keys by their states, and what waits for the processor, as far as the log tells."""
    if seen.log_away_since is not None:
        return None, None
    try:
        return await calls.read(lambda: (key_counts(control), read_backlog(log)))
    except LogUnavailableError:
        return None, None


def _status(request: Request, seen: ProducerSnapshot) -> Status:
    settings, now, told = request.app.state.settings, utc_now(), seen.status
    return Status(
        state=seen.state(now),
        reason=seen.reason(now, log_name(request)),
        as_of=told.at if told else None,
        instance=told.instance if told else None,
        subjects=list(told.subjects) if told else [],
        projects=[
            Project(**project.model_dump(), resets_at_local=local(project.resets_at, now))
            for project in (told.projects if told else ())
        ],
        channels=told.channels if told else 0,
        videos=told.videos if told else None,
        awaiting_details=told.awaiting_details if told else None,
        oldest_refreshed_at=told.oldest_refreshed_at if told else None,
        simulated=settings.simulated,
    )
