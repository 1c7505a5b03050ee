"""The HTTP interface. A request passes the key, the quota, the faults on purpose, and then its parameters: so one
that is wrong costs quota, too, as with YouTube.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from youtube_emulator import channel_list, details, playlists, refusals, search_request
from youtube_emulator.channel_list import channels_answer
from youtube_emulator.date_header import DateHeader
from youtube_emulator.details import videos_answer
from youtube_emulator.faults import Fate, Faults, ServerError
from youtube_emulator.keys import Project, Projects, accept_key
from youtube_emulator.parameters import Parameters
from youtube_emulator.playlists import playlist_answer
from youtube_emulator.quota import Ledger
from youtube_emulator.refusals import Refusal, RefusalError
from youtube_emulator.search import Search
from youtube_emulator.search_answer import search_answer
from youtube_emulator.times import Clock

BASE = "/youtube/v3"
COUNTS = "/emulator/counts"
"""Where tests ask what projects have used: no part of YouTube's API, free of quota and faults."""

_HTML = "<!DOCTYPE html><title>Error {status}</title><p>The server encountered an error. Please try again later."


@dataclass(frozen=True, slots=True)
class Emulator:
    """All that answers are made from."""

    search: Search
    ledger: Ledger
    projects: Projects
    faults: Faults
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class _Method:
    """One of the API's methods: its name for Google, its parameters, what it costs and how it is answered."""

    service: str
    known: Sequence[str]
    charge: Callable[[Ledger, Project], None]
    answer: Callable[[Emulator, Parameters, Fate], dict[str, Any]]


def build_app(emulator: Emulator) -> Starlette:
    """The application."""
    return Starlette(
        routes=[
            *(Route(f"{BASE}/{name}", _endpoint(emulator, method)) for name, method in _METHODS.items()),
            Route(COUNTS, _counts(emulator)),
        ],
        exception_handlers={HTTPException: _refuse_http},
        middleware=[Middleware(DateHeader, clock=emulator.clock)],
    )


def _endpoint(emulator: Emulator, method: _Method) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        fate = emulator.faults.next_fate()
        if fate.delay_s:
            await emulator.sleep(fate.delay_s)
        try:
            key = request.query_params.get("key") or request.headers.get("x-goog-api-key")
            method.charge(emulator.ledger, accept_key(key, emulator.projects, method.service))
            if fate.error is not None:
                return _server_error(fate.error)
            parameters = Parameters(request.query_params.multi_items(), method.known)
            if fate.token_refused and parameters.text("pageToken"):
                raise RefusalError(refusals.invalid_page_token())
            return _json(200, method.answer(emulator, parameters, fate))
        except RefusalError as error:
            return _refuse(error.refusal)

    return endpoint


def _counts(emulator: Emulator) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return _json(200, emulator.ledger.usage())

    return endpoint


_METHODS = {
    "search": _Method(
        "V3DataSearchService",
        search_request.KNOWN,
        Ledger.charge_search,
        lambda emulator, parameters, fate: search_answer(parameters, emulator.search, emulator.clock(), fate),
    ),
    "videos": _Method(
        "V3DataVideoService",
        details.KNOWN,
        Ledger.charge_unit,
        lambda emulator, parameters, _: videos_answer(parameters, emulator.search.library, emulator.clock()),
    ),
    "playlistItems": _Method(
        "V3DataPlaylistItemService",
        playlists.KNOWN,
        Ledger.charge_unit,
        lambda emulator, parameters, _: playlist_answer(parameters, emulator.search.library, emulator.clock()),
    ),
    "channels": _Method(
        "V3DataChannelService",
        channel_list.KNOWN,
        Ledger.charge_unit,
        lambda emulator, parameters, _: channels_answer(parameters, emulator.search.library, emulator.clock()),
    ),
}


async def _refuse_http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _refuse(refusals.method_not_allowed() if status == 405 else refusals.not_found())


def _refuse(refusal: Refusal) -> Response:
    return _json(refusal.status, refusal.body)


def _server_error(error: ServerError) -> Response:
    if error.described:
        return _refuse(refusals.server_error(error.status))
    return Response(_HTML.format(status=error.status), error.status, media_type="text/html")


def _json(status: int, body: Any) -> Response:  # noqa: ANN401 - any JSON
    return Response(orjson.dumps(body), status, media_type="application/json")
