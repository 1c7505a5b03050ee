"""How the services say what they do: one structured line an event, to standard error."""

from observability.lines import EventLogger, configure_logging, event_logger

__all__ = ["EventLogger", "configure_logging", "event_logger"]
