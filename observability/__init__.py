"""How the services say what they do: one structured line an event, to standard error."""

from observability.lines import EventLogger, configure_logging, event_logger
from observability.requests import current_request, request_id, working_on

__all__ = ["EventLogger", "configure_logging", "current_request", "event_logger", "request_id", "working_on"]
