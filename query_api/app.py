"""Puts the service together."""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI

from event_log import EventLog
from key_vault import KeyVault
from query_api.alert_runner import AlertRunner
from query_api.alerts import Alerts
from query_api.control import Control
from query_api.documentation import ABOUT, TAGS
from query_api.documented_errors import problem_answers
from query_api.export import Exports
from query_api.log_calls import LogCalls
from query_api.middleware import add_middleware
from query_api.outage import Outage
from query_api.problems import install_problems
from query_api.producer_view import ProducerView
from query_api.rates import Rate
from query_api.request_metrics import RequestMetrics
from query_api.routes import (
    alerts,
    export,
    feeds,
    health,
    keys,
    page,
    reference,
    stats,
    status,
    stream,
    subjects,
    suggest,
    videos,
)
from query_api.settings import ApiSettings
from query_api.stream import Streams
from query_api.timed_index import timed
from query_api.webhooks import Webhooks
from video_index import VideoIndex

INDEX_PATIENCE_S = 10.0
"""For an answer of the index: as long as somebody who searches may wait, where a processor has more."""

_WAITING_THREADS = 40
"""For searches of Elasticsearch, which wait for it; as many as Starlette has for everything else, so that a few slow
ones do not hold up the others."""

_SPARE_THREADS = 1
"""Beside one a processor, for searches of an index in this process. More of them only take turns: with 40 threads 32
clients had a fifth fewer answers, and the slowest took twice as long."""


def create_app(settings: ApiSettings, log: EventLog, index: VideoIndex, vault: KeyVault) -> FastAPI:
    """The service on this log and index, which the caller opens and closes."""
    app = bare_app("topicreel (simulated data)" if settings.simulated else "topicreel")
    requests = RequestMetrics()
    app.state.settings, app.state.log, app.state.requests = settings, log, requests
    app.state.index = timed(index, requests.count_index)
    app.state.control = Control(log, vault, settings.subjects_since)
    app.state.outage = Outage()
    app.state.producer_view = ProducerView(log, app.state.outage)
    app.state.log_calls = LogCalls(app.state.producer_view, app.state.outage)
    app.state.streams = Streams(log, settings.stream_clients)
    app.state.exports = Exports()
    app.state.alerts = Alerts(log, vault)
    app.state.webhooks = Webhooks(allow_private=settings.allow_private_webhooks)
    app.state.alert_runner = AlertRunner(log, app.state.alerts, app.state.webhooks)
    app.state.searches = Rate(settings.search_rate, 2 * settings.search_rate, what="searches")
    attempts = settings.attempt_rate
    app.state.key_attempts = Rate(attempts / 60, attempts, what="keys")
    app.state.wrong_tokens = Rate(attempts / 60, attempts, what="wrong tokens")
    install_problems(app)
    add_middleware(app, settings, requests, app.state.searches)
    return app


def bare_app(title: str = "topicreel") -> FastAPI:
    """The routes, and what is told of them, on nothing: it can be asked for its OpenAPI document only."""
    app = FastAPI(
        title=title,
        description=ABOUT,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_running,
        responses=problem_answers(),
        # The service counts and logs by itself; to look for another's telemetry takes time of each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=lambda route: route.name,
    )
    # In this order they are tried: searches first, since each that is passed by takes 5 to 10 µs.
    for routes in (
        videos,
        suggest,
        stats,
        feeds,
        export,
        stream,
        alerts,
        subjects,
        keys,
        status,
        health,
        page,
        reference,
    ):
        app.include_router(routes.router)
    return app


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    """What goes on beside the requests, in threads of its own."""
    settings: ApiSettings = app.state.settings
    threads = (os.cpu_count() or 1) + _SPARE_THREADS if settings.embedded else _WAITING_THREADS
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads, "search"))
    state = app.state
    state.alert_runner.start()
    yield
    # First those that read, then what they read with.
    for part in (
        state.alert_runner,
        state.streams,
        state.log_calls,
        state.producer_view,
        state.control,
        state.alerts,
    ):
        part.close()
