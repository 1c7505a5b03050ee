"""Whether the service lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from event_log import EventLog, LogError
from query_api.answers import json_answer
from query_api.dependencies import Index, OnLog
from query_api.documentation import answer
from query_api.documented_errors import problem_answers
from query_api.examples import ALIVE, NOT_READY, READY
from query_api.parameters import read_nothing
from query_api.settings import ApiSettings
from video_index import VideoIndexError

router = APIRouter(tags=["health"])

_PATIENCE_S = 3.0
"""As long as calls on the log have."""


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["alive"]


class Readiness(BaseModel):
    """Each dependency with its state."""

    status: Literal["ready", "ready to read", "not ready"] = Field(
        description="Searches need the index alone: while the log is away they are answered, and changes are not."
    )
    dependencies: dict[str, str] = Field(description="`ok`, or why it cannot be used.")
    simulated: bool


@router.get("/healthz", response_model=Liveness, responses={200: answer(ALIVE), **problem_answers()})
async def healthz(request: Request) -> Response:
    """The process answers."""
    read_nothing(request)
    return json_answer({"status": "alive"})


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={
        200: answer(READY),
        **problem_answers(),
        503: {"description": "The index is away.", "model": Readiness, **answer(NOT_READY)},
    },
)
async def readyz(request: Request, index: Index, calls: OnLog) -> Response:
    """Each dependency with its state; 503 when the index is away, for then nothing can be answered."""
    read_nothing(request)
    log: EventLog = request.app.state.log
    settings: ApiSettings = request.app.state.settings
    index_state, log_state = await asyncio.gather(
        _state(asyncio.wait_for(run_in_threadpool(index.check), _PATIENCE_S)), _state(calls.read(log.check))
    )
    states = {"index": index_state, "log": log_state}
    body = {"status": _status(states), "dependencies": states, "simulated": settings.simulated}
    return json_answer(body, 503 if states["index"] != "ok" else 200)


def _status(states: Mapping[str, str]) -> str:
    if states["index"] != "ok":
        return "not ready"
    return "ready" if states["log"] == "ok" else "ready to read"


async def _state(check: Awaitable[None]) -> str:
    try:
        await check
    except (VideoIndexError, LogError) as error:
        return f"away: {error}"
    except TimeoutError:
        return f"away: no answer for {_PATIENCE_S:g} s"
    return "ok"
