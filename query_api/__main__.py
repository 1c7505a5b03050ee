"""`python -m query_api`: the service alone."""

import signal
import sys

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from query_api.app import create_app
from query_api.server import make_server
from query_api.settings import ApiSettings
from starting import check_access, opening
from video_index import open_index

logs = event_logger("query_api")


def main() -> int:
    """Runs until SIGTERM or SIGINT. Gives the exit code; raises what `opening` does."""
    configure_logging("query_api")
    with opening(logs):
        settings = ApiSettings.read()
        configure_logging("query_api", settings.level)
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        log, index = open_log(settings), open_index(settings)
        check_access(settings, log, index)
    with log, index:
        server = make_server(create_app(settings, log, index, vault), settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn sends itself the signal again when it has ended; this makes that harmless.
            signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
