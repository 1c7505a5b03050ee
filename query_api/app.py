"""Puts the service together."""

from fastapi import FastAPI

from event_log import EventLog
from key_vault import KeyVault
from query_api.control import Control
from query_api.guards import Guards
from query_api.outage import Outage
from query_api.problems import install_problems
from query_api.producer_view import ProducerView
from query_api.request_metrics import RequestMetrics
from query_api.routes import health, keys, status, subjects, videos
from query_api.settings import ApiSettings
from video_index import VideoIndex


def create_app(settings: ApiSettings, log: EventLog, index: VideoIndex, vault: KeyVault) -> FastAPI:
    """The service on this log and index, which the caller opens and closes."""
    title = "topicreel (simulated data)" if settings.simulated else "topicreel"
    app = FastAPI(title=title, description="Every YouTube video about the subjects that are followed.")
    app.state.settings, app.state.log, app.state.index = settings, log, index
    app.state.control = Control(log, vault, settings.subjects_since)
    app.state.outage, app.state.requests = Outage(), RequestMetrics()
    app.state.producer_view = ProducerView(log, app.state.outage)
    install_problems(app)
    app.add_middleware(Guards, settings=settings, requests=app.state.requests)
    for routes in (videos, subjects, keys, status, health):
        app.include_router(routes.router)
    return app
