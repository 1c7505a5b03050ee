"""`python -m query_api`: the service alone."""

import sys

from event_log import open_log
from key_vault import KeyVault
from observability import configure_logging, event_logger
from query_api.app import INDEX_PATIENCE_S, create_app
from query_api.server import OneProcess
from query_api.settings import ApiSettings
from query_api.workers import SeveralProcesses
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
    if settings.api_workers > 1:
        with opening(logs), open_log(settings) as log, open_index(settings) as index:
            check_access(settings, log, index)
        SeveralProcesses(settings).run()
        return 0
    with opening(logs):
        log, index = open_log(settings), open_index(settings, timeout_s=INDEX_PATIENCE_S)
        check_access(settings, log, index)
    with log, index:
        OneProcess(create_app(settings, log, index, vault), settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
