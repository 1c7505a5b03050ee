"""`python -m operations reindex|backup|restore|verify`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from event_log import LogError, open_log
from observability import configure_logging, event_logger
from operations import telling
from operations.claim import claimed
from operations.errors import OperationError
from operations.rebuild import rebuild
from operations.reindex import Reindex
from operations.settings import OperationsSettings
from processor.patience import Patience, StoppedError
from schemas.settings import EXIT_UNUSABLE_SETTINGS, SettingsError
from video_index import VideoIndexError
from video_index.open import EMBEDDED_DIRECTORY, open_versions

logs = event_logger("operations")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an operation is given."""

    options: argparse.Namespace
    settings: OperationsSettings
    stop: Event


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 2 when it cannot work as it is set up, 1 when it was given up."""
    configure_logging("operations")
    options = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for line in _COMMANDS[options.command](_Asked(options, OperationsSettings.read(), stop)):
            print(line)
    except StoppedError:
        return _complain("stopped: the index and the log stay as they were")
    except SettingsError as error:
        _complain(str(error))
        return EXIT_UNUSABLE_SETTINGS
    except (OperationError, LogError, VideoIndexError, OSError) as error:
        return _complain(str(error))
    return 0


def _reindex(asked: _Asked) -> list[str]:
    with open_log(asked.settings) as log, claimed(log) as claim:
        if asked.settings.embedded:
            return telling.reindexed(rebuild(log, asked.settings.data_dir / EMBEDDED_DIRECTORY))
        with open_versions(asked.settings) as versions:
            if asked.options.remove_old:
                return telling.removed(versions.remove_kept())
            work = Reindex(log, versions, claim, Patience(asked.stop))
            report = work.roll_back() if asked.options.roll_back else work.run()
            versions.remove_kept(besides=report.replaced)
            return telling.reindexed(report)


def _complain(text: str) -> int:
    print(f"error: {text}", file=sys.stderr)
    return 1


_COMMANDS = {"reindex": _reindex}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations", description="Keeps an installation going.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    reindex = commands.add_parser("reindex", help="make the index anew from youtube.videos, while the pipeline runs")
    instead = reindex.add_mutually_exclusive_group()
    instead.add_argument(
        "--roll-back", action="store_true", help="put the index that was replaced last back, brought up to date"
    )
    instead.add_argument("--remove-old", action="store_true", help="remove the indexes that were replaced")
    return parser


if __name__ == "__main__":
    sys.exit(main())
