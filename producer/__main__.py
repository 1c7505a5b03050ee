"""`python -m producer`: the producer as a process of its own. SIGTERM and SIGINT end it with exit code 0."""

import signal
import sys
from threading import Event, Thread

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from producer.service import run
from producer.settings import ProducerSettings
from starting import check_access, opening
from video_index import open_index

logs = event_logger("producer")


def main() -> int:
    """Runs until it is asked to stop. Gives the exit code; raises what `opening` does."""
    configure_logging("producer")
    with opening(logs):
        settings = ProducerSettings.read()
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        log, index = open_log(settings), open_index(settings)
        check_access(settings, log, index)
    stop = _stop_on_signals()
    with log, index:
        run(settings, log, index, vault, stop)
    return 0


def _stop_on_signals() -> Event:
    stop = Event()

    def ask_to_stop(*_: object) -> None:
        # Not from here: the signal may have come in the middle of the loop's own use of the event.
        Thread(target=stop.set).start()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


if __name__ == "__main__":
    sys.exit(main())
