"""`python -m query_api`: the service alone."""

import sys
from contextlib import suppress

import uvicorn
from pydantic import ValidationError

from event_log import LogError, open_log
from key_vault import KeyVault, VaultError
from observability import configure_logging, event_logger
from query_api.app import create_app
from query_api.settings import ApiSettings
from video_index import VideoIndexError, open_index

logs = event_logger("query_api")


def main() -> int:
    """Runs until SIGTERM or SIGINT. Gives the exit code: 2 when the settings are unusable."""
    configure_logging("query_api")
    try:
        settings = ApiSettings()
        vault = KeyVault.open(settings.data_dir, settings.encryption_key)
        log, index = open_log(settings), open_index(settings)
    except (ValidationError, VaultError, LogError, VideoIndexError) as error:
        logs.error("cannot_start", reason=error)
        return 2
    with log, index:
        config = uvicorn.Config(
            create_app(settings, log, index, vault),
            host=settings.api_host,
            port=settings.api_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        # uvicorn ends cleanly at a signal and then sends itself the signal again.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
