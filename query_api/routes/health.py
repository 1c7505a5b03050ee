"""Whether the service lives, and whether it can do its work."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from event_log import EventLog, LogError
from query_api.answers import json_answer
from query_api.dependencies import Index
from query_api.settings import ApiSettings
from video_index import VideoIndexError

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "alive"})


@router.get("/readyz")
def readyz(request: Request, index: Index) -> Response:
    """Each dependency with its state; 503 when one is away. Reads are served without the log."""
    log: EventLog = request.app.state.log
    settings: ApiSettings = request.app.state.settings
    states = {"index": _state(index.check), "log": _state(log.check)}
    ready = all(state == "ok" for state in states.values())
    body = {"status": "ready" if ready else "not ready", "dependencies": states, "simulated": settings.simulated}
    return json_answer(body, 200 if ready else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except (VideoIndexError, LogError) as error:
        return f"away: {error}"
    return "ok"
