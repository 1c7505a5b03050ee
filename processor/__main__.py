"""`python -m processor`: a Faust worker on Kafka, or a plain loop on the embedded log."""

import gc
import logging
import signal
import sys
from threading import Event

from event_log import EventLog, open_log
from observability import configure_logging, event_logger
from processor import embedded
from processor.batch import BatchProcessor
from processor.preparing import prepare
from processor.settings import ProcessorSettings
from starting import check_access, opening
from video_index import VideoIndex, open_index
from waiting import Patience, StoppedError

logs = event_logger("processor")


def main() -> int:
    """Runs until SIGTERM or SIGINT. Gives the exit code; raises what `opening` does."""
    configure_logging("processor")
    with opening(logs):
        settings = ProcessorSettings.read()
        log, index = open_log(settings), open_index(settings)
        check_access(settings, log, index)
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    with log, index:
        if settings.embedded:
            embedded.run(log, index, stop)
        else:
            _run_worker(settings, log, index, stop)
    return 0


def _run_worker(settings: ProcessorSettings, log: EventLog, index: VideoIndex, stop: Event) -> None:
    # Imported here, since the embedded stack should not pay for Faust.
    import faust  # noqa: PLC0415

    from processor.faust_app import create_app  # noqa: PLC0415

    patience = Patience(stop)
    try:
        prepare(log, index, patience)
    except StoppedError:
        return
    _share_the_interpreter()
    app = create_app(settings, BatchProcessor(log, index, patience), stop)
    worker = faust.Worker(app, quiet=True, loglevel=logging.WARNING, override_logging=False, redirect_stdouts=False)
    # Faust answers the signals from here on, and ends by raising SystemExit.
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        if end.code:
            raise


def _share_the_interpreter() -> None:
    """Tunes the interpreter for a loop that hands records to threads (measured: a third less processor time).

    Thousands of records wait at any time and none of them is garbage, so looking for cycles among them every few
    hundred allocations is in vain; and a thread that computes should not keep the loop from fetching for 5 ms.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    sys.setswitchinterval(0.0005)


if __name__ == "__main__":
    sys.exit(main())
