"""`python -m provisioning`: prepares log and index, and ends."""

import signal
import sys
from threading import Event

from event_log import open_log
from observability import configure_logging, event_logger
from processor.patience import Patience, StoppedError
from provisioning.engines import prepare_engines
from schemas.settings import CommonSettings
from starting import opening
from video_index import open_index

logs = event_logger("provisioning")


def main() -> int:
    """Gives the exit code; raises what `opening` does."""
    configure_logging("provisioning")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with opening(logs):
            settings = CommonSettings.read()
            with open_log(settings) as log, open_index(settings) as index:
                prepare_engines(log, index, Patience(stop))
    except StoppedError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
