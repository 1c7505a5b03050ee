"""`python -m query_api`: the service alone."""

import signal
import sys

import uvicorn
from fastapi import FastAPI

from event_log import LogError, open_log
from key_vault import KeyVault, VaultError
from observability import configure_logging, event_logger
from query_api.app import create_app
from query_api.settings import ApiSettings, SettingsError
from video_index import VideoIndexError, open_index

logs = event_logger("query_api")


def main() -> int:
    """Runs until SIGTERM or SIGINT. Gives the exit code: 2 when the settings are unusable."""
    configure_logging("query_api")
    try:
        settings = ApiSettings.read()
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        log, index = open_log(settings), open_index(settings)
    except (SettingsError, VaultError, LogError, VideoIndexError) as error:
        logs.error("cannot_start", reason=error)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn ends in order at a signal, and then sends it to the process again.
        signal.signal(number, lambda *_: None)
    with log, index:
        _server(create_app(settings, log, index, vault), settings).run()
    return 0


def _server(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.api_host,
            port=settings.api_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
