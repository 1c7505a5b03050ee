"""How the services show what they do: one structured line an event, to standard error, and a sign of life."""

from observability.life_sign import UNSEEN, LifeSign
from observability.lines import EventLogger, configure_logging, event_logger
from observability.requests import current_request, request_id, working_on

__all__ = [
    "UNSEEN",
    "EventLogger",
    "LifeSign",
    "configure_logging",
    "current_request",
    "event_logger",
    "request_id",
    "working_on",
]
