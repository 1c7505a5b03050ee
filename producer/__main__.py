"""`python -m producer`: the producer as a process of its own. SIGTERM and SIGINT end it with exit code 0."""

import signal
import sys
from threading import Event, Thread

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from event_log import LogUnavailableError, open_log
from key_vault import KeyVault, VaultError
from observability import configure_logging
from producer.service import run
from producer.settings import ProducerSettings


def main() -> int:
    """Runs until it is asked to stop. Gives 0, 1 when the log cannot be opened, 2 for unusable settings."""
    try:
        settings = ProducerSettings()
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
    except ValidationError as error:
        return _refuse(*map(_described, error.errors(include_input=False)), code=2)
    except VaultError as error:
        return _refuse(str(error), code=2)
    except OSError as error:
        return _refuse(f"DATA_DIR cannot be used: {error}", code=2)
    configure_logging("producer")
    stop = _stop_on_signals()
    try:
        with open_log(settings) as log:
            run(settings, log, vault, stop)
    except LogUnavailableError as error:
        return _refuse(str(error), code=1)
    return 0


def _stop_on_signals() -> Event:
    stop = Event()

    def ask_to_stop(*_: object) -> None:
        # Not from here: the signal may have come in the middle of the loop's own use of the event.
        Thread(target=stop.set).start()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


def _described(error: ErrorDetails) -> str:
    name = ".".join(str(part) for part in error["loc"][:1]).upper()
    return f"{name}: {error['msg']}" if name else error["msg"]


def _refuse(*reasons: str, code: int) -> int:
    for reason in reasons:
        print(f"producer: {reason}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
