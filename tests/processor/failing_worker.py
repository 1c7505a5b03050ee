"""A Faust worker one of whose calls in ten fails, in every way a call can: run by `test_faust_app.py`.

Usage: python -m tests.processor.failing_worker SEED, with the settings of the processor in the environment.
"""

import random
import sys
from threading import Event

import faust

from event_log import LogUnavailableError, open_log
from observability import configure_logging
from processor.batch import BatchProcessor
from processor.faust_app import create_app
from processor.preparing import prepare
from processor.settings import ProcessorSettings
from tests.processor.failing import Failing
from video_index import IndexUnavailableError, open_index
from waiting import Patience

SHARE = 0.1


def main() -> None:
    configure_logging("processor")
    dice = random.Random(sys.argv[1])
    settings = ProcessorSettings()
    stop = Event()
    patience = Patience(stop, first_s=0.01, longest_s=0.1)

    def fails(_: int) -> str | None:
        return dice.choice(["before", "after"]) if dice.random() < SHARE else None

    def index_error() -> Exception:
        return dice.choice([IndexUnavailableError("injected"), RuntimeError("injected defect")])

    with open_log(settings) as log, open_index(settings) as index:
        prepare(log, index, patience)
        batches = BatchProcessor(
            Failing(log, ["append"], fails, lambda: LogUnavailableError("injected")),  # type: ignore[arg-type]
            Failing(index, ["get", "write"], fails, index_error),  # type: ignore[arg-type]
            patience,
        )
        app = create_app(settings, batches, stop)
        faust.Worker(app, quiet=True, override_logging=False, redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main()
