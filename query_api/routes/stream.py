"""New matches of a search, as they are found."""

from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from event_log import Positions
from observability import event_logger
from query_api.documentation import STREAM_PARAMETERS
from query_api.documented_errors import problem_answers
from query_api.envelope import is_head
from query_api.examples import ITEM
from query_api.parameters import FILTERS, search_request
from query_api.problems import ProblemError
from query_api.slow_clients import in_time
from query_api.stream import Listener, Streams, parse_event_id
from query_api.values import given_in
from schemas import utc_now

logs = event_logger("query_api")
router = APIRouter(tags=["take it with you"])

_EXAMPLE = f"event: video\nid: 1795551891:0=17,1=4\ndata: {orjson.dumps(ITEM).decode()}\n\n: still here\n\n"
_CONTENT: dict[str, Any] = {"text/event-stream": {"example": _EXAMPLE}}
# The last one keeps nginx from collecting events.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get(
    "/stream",
    response_class=Response,
    responses={200: {"description": "The events.", "content": _CONTENT}, **problem_answers(503)},
    openapi_extra={"parameters": STREAM_PARAMETERS},
)
async def stream(request: Request) -> Response:
    """New videos that match, as server-sent events: `event: video`, and an item of `GET /search` as `data`.

    New is what was first seen since the stream began, and each video comes once. A stream that goes on from
    `Last-Event-ID` misses nothing; only a video that changed meanwhile may come again there. Every 15 seconds without
    an event there is a comment, also while the log is away.
    """
    given = given_in(request, FILTERS)
    search_request(given, utc_now())
    beginning = _beginning(request)
    if is_head(request.scope):
        return StreamingResponse(iter(()), headers=_HEADERS, media_type=_EventStream.media_type)
    streams: Streams = request.app.state.streams
    listener = Listener(given, *beginning)
    streams.open(listener)
    return _EventStream(streams, listener)


def _beginning(request: Request) -> tuple[datetime, Positions | None]:
    last = request.headers.get("last-event-id", "")
    if not last:
        return utc_now(), None
    try:
        return parse_event_id(last)
    except ValueError as error:
        accepted = "the id of an event of a stream with the same filters"
        raise ProblemError(422, str(error), parameter="Last-Event-ID", accepted=accepted) from None


class _EventStream(StreamingResponse):
    """The answer to one client, who is let go when it is gone, or takes too long to take an event."""

    media_type = "text/event-stream"

    def __init__(self, streams: Streams, listener: Listener) -> None:
        super().__init__(listener.events(), headers=_HEADERS)
        self._streams = streams
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        try:
            await super().__call__(scope, receive, in_time(send, self._streams.slowest_s))
        except* TimeoutError:
            logs.warning("stream_dropped", reason=f"the client took nothing for {self._streams.slowest_s} s")
        finally:
            self._streams.leave(self._listener)
