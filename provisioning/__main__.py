"""`python -m provisioning passwords|engines`: does it, and ends."""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from elasticsearch import TransportError

from event_log import open_log
from observability import configure_logging, event_logger
from provisioning.engines import prepare_engines
from provisioning.errors import ProvisioningError
from provisioning.passwords import PasswordFiles
from provisioning.settings import ProvisioningSettings
from provisioning.users import prepare_users
from schemas.settings import EXIT_UNUSABLE_SETTINGS
from starting import opening
from video_index import open_index
from video_index.elasticsearch_client import DEFAULT_URL
from waiting import Patience, StoppedError

logs = event_logger("provisioning")


def main(arguments: list[str] | None = None) -> int:
    """Gives the exit code; raises what `opening` does."""
    configure_logging("provisioning")
    asked = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    files = PasswordFiles(asked.engine_secrets, asked.service_secrets, asked.reader_secrets)
    try:
        with opening(logs):
            if asked.command == "passwords":
                _passwords(files)
            else:
                _engines(files, stop)
    except StoppedError:
        return 1
    except TransportError as error:
        logs.error("cannot_start_now", reason=error)
        return 1
    except ProvisioningError as error:
        logs.error("cannot_start", reason=error)
        return EXIT_UNUSABLE_SETTINGS
    return 0


def _passwords(files: PasswordFiles) -> None:
    given = ProvisioningSettings.read().elastic_password
    made = files.make(given.get_secret_value() if given else None)
    logs.info("passwords_ready", made=",".join(made) or "none")


def _engines(files: PasswordFiles, stop: Event) -> None:
    settings = ProvisioningSettings.read()
    passwords = files.read()
    url = settings.elasticsearch_url or DEFAULT_URL
    with open_log(settings) as log, open_index(settings) as index:
        prepare_engines(log, index, Patience(stop), first=[lambda: prepare_users(url, passwords)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m provisioning", description="Prepares what the services share.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in (
        ("passwords", "make the passwords that are not there"),
        ("engines", "make users, topics and the index"),
    ):
        command = commands.add_parser(name, help=summary)
        command.add_argument("engine_secrets", type=Path, help="directory of what the engines need themselves")
        command.add_argument(
            "service_secrets", type=Path, help="directory of what the services that write are let in with"
        )
        command.add_argument("reader_secrets", type=Path, help="directory of what the query API is let in with")
    return parser


if __name__ == "__main__":
    sys.exit(main())
