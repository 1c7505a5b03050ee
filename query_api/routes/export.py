"""All videos of a search as a file."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from observability import event_logger
from query_api.dependencies import Index
from query_api.documentation import EXPORT_PARAMETERS, READ, said_in
from query_api.envelope import is_head
from query_api.examples import ITEM
from query_api.export import Exports, Format, pieces
from query_api.parameters import FILTERS, search_request
from query_api.problems import ProblemError
from query_api.slow_clients import in_time
from query_api.values import choice_in, given_in
from schemas import utc_now
from video_index import VideoIndexError

logs = event_logger("query_api")
router = APIRouter(tags=["take it with you"])

_FILE: dict[str, Any] = {
    "description": "The file.",
    "content": {
        form.media_type.partition(";")[0]: {"example": b"".join(pieces([ITEM], form)).decode()} for form in Format
    },
    "headers": said_in("Content-Disposition"),
}


@router.get(
    "/export",
    response_class=Response,
    responses={200: _FILE, **READ},
    openapi_extra={"parameters": EXPORT_PARAMETERS},
)
def export(request: Request, index: Index) -> Response:
    """Every video of a search, however many, as they are found.

    NDJSON has an item of `GET /search` a line. CSV (RFC 4180, with a header) has subjects and tags separated by `|`,
    and an apostrophe before a text, or an id, that a spreadsheet would take for a formula: one that begins with
    `=`, `+`, `-` or `@`. Where the index goes away in the middle the connection is cut, so that no part of the file
    looks like all of it. So it is where a client takes nothing for half a minute; and while as many files as are made
    at once are under way, another is answered with 503.
    """
    given = given_in(request, (*FILTERS, "sort", "format"))
    form = choice_in(given, "format", tuple(Format))
    if form is None:
        raise ProblemError(422, "is missing", parameter="format", accepted=", ".join(Format))
    asked = search_request(given, utc_now())
    name = f"videos-{utc_now():%Y%m%dT%H%M%SZ}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    media_type = Format(form).media_type
    if is_head(request.scope):
        return StreamingResponse(iter(()), headers=headers, media_type=media_type)
    exports: Exports = request.app.state.exports
    exports.begin()
    try:
        parts = pieces(index.scan(asked), Format(form))
        # Without a first piece an index that is away could not be answered with a problem.
        first = next(parts, b"")
    except BaseException:
        exports.end()
        raise
    return _File(exports, chain((first,), parts), headers, media_type)


class _File(StreamingResponse):
    """Sends pieces as they are made, each in a thread that is free again while the client takes it."""

    def __init__(self, exports: Exports, parts: Iterator[bytes], headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(parts, headers=headers, media_type=media_type)
        self._exports = exports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._exports.end()

    async def stream_response(self, send: Send) -> None:
        """An answer that is not ended makes the server cut the connection."""
        try:
            await super().stream_response(in_time(send, self._exports.slowest_s))
        except VideoIndexError as error:
            logs.warning("export_cut", reason=error)
        except TimeoutError:
            logs.warning("export_cut", reason=f"the client took nothing for {self._exports.slowest_s:g} s")
