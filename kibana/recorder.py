"""Notes the pipeline's health, a document a minute, from a process that depends on none of the parts it looks at."""

from threading import Event

from event_log import EventLog
from kibana.errors import HealthNotKeptError
from kibana.health import pipeline_health
from kibana.health_index import HealthIndex
from observability import UNSEEN, LifeSign, event_logger
from query_api.backlog import read_backlog
from query_api.outage import Outage
from query_api.producer_view import ProducerView
from schemas import utc_now

logs = event_logger("kibana")

EVERY_S = 30.0
"""Twice a minute, of which the second replaces the first: so no minute is left out."""


def record(
    log: EventLog, index: HealthIndex, stop: Event, every_s: float = EVERY_S, life_sign: LifeSign = UNSEEN
) -> None:
    """Until `stop` is set. A minute that cannot be written is missing, and a log line says why."""
    view = ProducerView(log, Outage())
    while not stop.is_set():
        seen = view.look()
        backlog = None if seen.log_away_since else read_backlog(log)
        try:
            index.keep(pipeline_health(seen, backlog, utc_now()))
        except HealthNotKeptError as error:
            logs.warning("health_not_kept", reason=error)
        else:
            life_sign.give()
        stop.wait(every_s)
