"""Whether the service lives, and whether it can do its work."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from event_log import EventLog, LogError
from query_api.answers import json_answer
from query_api.dependencies import Index
from query_api.documentation import problem_answers
from query_api.outage import Outage
from query_api.parameters import read_nothing
from query_api.settings import ApiSettings
from video_index import VideoIndexError

router = APIRouter(tags=["health"])


class Life(BaseModel):
    """The process answers."""

    status: Literal["alive"]


class Readiness(BaseModel):
    """Each dependency with its state."""

    status: Literal["ready", "not ready"]
    dependencies: dict[str, str] = Field(description="`ok`, or why it cannot be used.")
    simulated: bool


@router.get("/healthz", response_model=Life, responses=problem_answers())
async def healthz(request: Request) -> Response:
    """The process answers."""
    read_nothing(request)
    return json_answer({"status": "alive"})


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"description": "A dependency is away.", "model": Readiness}, **problem_answers()},
)
def readyz(request: Request, index: Index) -> Response:
    """Each dependency with its state; 503 when one is away. Reads are served without the log."""
    read_nothing(request)
    log: EventLog = request.app.state.log
    settings: ApiSettings = request.app.state.settings
    outage: Outage = request.app.state.outage
    states = {"index": _state(index.check), "log": _state(log.check)}
    if states["log"] != "ok":
        outage.began()
    ready = all(state == "ok" for state in states.values())
    body = {"status": "ready" if ready else "not ready", "dependencies": states, "simulated": settings.simulated}
    return json_answer(body, 200 if ready else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except (VideoIndexError, LogError) as error:
        return f"away: {error}"
    return "ok"
