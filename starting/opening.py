"""What a service opens before it works: settings, keys, log and index."""

from collections.abc import Iterator
from contextlib import contextmanager

from event_log import LogAccessError, LogError
from key_vault import VaultError
from observability import EventLogger
from schemas.settings import EXIT_UNUSABLE_SETTINGS, SettingsError
from video_index import IndexSetupError, VideoIndexError


@contextmanager
def opening(logs: EventLogger) -> Iterator[None]:
    """Around all of the opening; what cannot be opened is logged and ends the process.

    Raises SystemExit: with EXIT_UNUSABLE_SETTINGS when it cannot be as it is set up, with 1 when it cannot be now.
    """
    try:
        yield
    except (SettingsError, VaultError, LogAccessError, IndexSetupError) as error:
        logs.error("cannot_start", reason=error)
        raise SystemExit(EXIT_UNUSABLE_SETTINGS) from error
    except (LogError, VideoIndexError) as error:
        logs.error("cannot_start_now", reason=error)
        raise SystemExit(1) from error
