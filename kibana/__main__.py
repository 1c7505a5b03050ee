"""`python -m kibana build|import|record`."""

import argparse
import signal
import sys
from threading import Event

from event_log import LogError, open_log
from kibana.errors import KibanaAwayError, KibanaError
from kibana.health_index import HealthIndex
from kibana.import_file import import_file
from kibana.importer import import_objects
from kibana.recorder import record
from kibana.settings import KibanaSettings, http_address
from observability import LifeSign, configure_logging, event_logger
from schemas.settings import EXIT_UNUSABLE_SETTINGS, SettingsError
from video_index.elasticsearch_client import DEFAULT_URL
from waiting import Patience, StoppedError

logs = event_logger("kibana")


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 2 when it cannot work as it is set up, 1 when not now."""
    configure_logging("kibana")
    asked = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = KibanaSettings.read()
        if asked.command == "build":
            sys.stdout.buffer.write(_file(settings))
        elif asked.command == "import":
            _import(settings, asked.url or settings.kibana_url, asked.wait, stop)
        else:
            _record(settings, stop)
    except StoppedError:
        return 1
    except (KibanaAwayError, LogError) as error:
        logs.error("failed", command=asked.command, reason=error)
        return 1
    except (SettingsError, KibanaError) as error:
        logs.error("failed", command=asked.command, reason=error)
        return EXIT_UNUSABLE_SETTINGS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kibana", description="The dashboard in Kibana.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write the import file to standard output")
    importing = commands.add_parser("import", help="import it; what is there is replaced")
    importing.add_argument("--url", type=http_address, help="Kibana's address; without it, KIBANA_URL")
    importing.add_argument("--wait", type=float, default=600.0, help="seconds to wait for a Kibana that is not ready")
    commands.add_parser("record", help="note the pipeline's health in Elasticsearch, every minute")
    return parser


def _file(settings: KibanaSettings) -> bytes:
    return import_file(settings.page, simulated=settings.simulated)


def _import(settings: KibanaSettings, url: str, wait_s: float, stop: Event) -> None:
    patience = Patience(stop, first_s=1.0, longest_s=15.0)
    count = import_objects(url, _file(settings), patience, authorization=settings.authorization, wait_s=wait_s)
    logs.info("imported", objects=count)


def _record(settings: KibanaSettings, stop: Event) -> None:
    url, replicas = settings.elasticsearch_url or DEFAULT_URL, settings.elasticsearch_replicas or 0
    index = HealthIndex(url, settings.elasticsearch_access, replicas=replicas)
    with open_log(settings) as log, index:
        record(log, index, stop, life_sign=LifeSign(settings.life_sign_file))


if __name__ == "__main__":
    sys.exit(main())
