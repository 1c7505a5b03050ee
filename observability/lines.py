"""Log lines as `time level service event key=value ...`: readable as they are, and easy to parse."""

import json
import logging
import sys
import time

from observability.requests import current_request

_CHATTY_LIBRARIES = ("httpx", "httpcore", "elastic_transport", "aiokafka", "kafka", "faust", "mode")


class _KeyValueFormatter(logging.Formatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = ""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """One line; an exception follows as a quoted field, so that a line stays a line."""
        fields: dict[str, object] = getattr(record, "fields", {})
        words = [self.formatTime(record), record.levelname, self._service, _one_line(record.getMessage())]
        words += [f"{name}={_value(value)}" for name, value in fields.items()]
        if request := current_request():
            words.append(f"request={_value(request)}")
        if record.exc_info:
            words.append(f"exception={_value(self.formatException(record.exc_info))}")
        return " ".join(words)


def _one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _value(value: object) -> str:
    text = str(value)
    plain = text.isprintable() and not any(character in text for character in ' "=')
    return text if plain and text else json.dumps(text, ensure_ascii=False)


class EventLogger:
    """Writes events with fields. Never pass a secret: fields are written as they are."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: object) -> None:
        """An event that only a developer needs."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: object) -> None:
        """An event of ordinary work."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Something failed and will be tried again, or someone should know."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, **fields: object) -> None:
        """Something is lost to the user until a person acts."""
        self._write(logging.ERROR, event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """An error nobody foresaw, with its traceback."""
        self._logger.error(event, extra={"fields": fields}, exc_info=True, stacklevel=2)

    def _write(self, level: int, event: str, fields: dict[str, object]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"fields": fields}, stacklevel=3)


def event_logger(name: str) -> EventLogger:
    """The logger of one module or part."""
    return EventLogger(name)


def configure_logging(service: str, level: int = logging.INFO) -> None:
    """Sends every logger of the process through one formatter to standard error; the last call counts.

    Client libraries speak from WARNING on: their INFO lines cost more than they tell (measured with Faust and
    the Elasticsearch client), and an HTTP client's would hold whole URLs.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_KeyValueFormatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _CHATTY_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
