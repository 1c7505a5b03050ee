"""The demo: the whole product against the emulator, with data in a directory of their own."""

import json
import time

from pydantic import SecretStr

from stack.console import Say
from stack.directory import StackDirectory
from stack.down import runs
from stack.emulator import describe, list_subjects
from stack.errors import NotRunningError, RefusedError, StackError
from stack.loopback import get
from stack.settings import DEMO_DATA_DIR, StackSettings

_DEMO_KEY = "demo-key-for-the-emulator"
_POLL_INTERVAL_S = "5"
_FIRST_RESULT_WITHIN_S = 120.0
_LOOK_EVERY_S = 0.25
_SAY_EVERY_S = 5.0


def demo_settings(settings: StackSettings, say: Say) -> StackSettings:
    """The settings with everything the demo adds; what the user set stays, but for the API keys.

    Raises RefusedError for a catalogue that is not there, StackError when the emulator cannot read it.
    """
    if settings.catalogue is not None and not settings.catalogue.expanduser().is_file():
        raise RefusedError(f"CATALOGUE={settings.catalogue}: there is no such file")
    simulated = settings.model_copy(
        update={
            "simulated": True,
            "data_dir": settings.data_dir if settings.data_dir_given else DEMO_DATA_DIR,
            # The user's own keys are not for the emulator.
            "youtube_api_keys": SecretStr(_DEMO_KEY),
            "poll_interval": settings.poll_interval or _POLL_INTERVAL_S,
        }
    )
    catalogue = simulated.simulated_catalogue
    since = settings.subjects_since
    if catalogue is not None:
        say(f"reading {catalogue}")
    if since is None and catalogue is not None:
        since = describe(catalogue).first_published
    return simulated.model_copy(
        update={"subjects": settings.subjects or "; ".join(list_subjects(catalogue)), "subjects_since": since}
    )


def wait_for_results(directory: StackDirectory, api_url: str, say: Say) -> None:
    """Returns once a video can be found. Raises StackError when that takes minutes."""
    began = said = time.monotonic()
    while (found := _videos(api_url)) == 0:
        waited = time.monotonic() - began
        if not runs(directory):
            raise NotRunningError(f"the stack in {directory} was stopped before there were results")
        if waited > _FIRST_RESULT_WITHIN_S:
            raise StackError(
                f"no video can be found after {waited:.0f} s. See what the producer says: "
                f"make logs {directory.setting}; end the demo: make down {directory.setting}"
            )
        if time.monotonic() - said > _SAY_EVERY_S:
            said = time.monotonic()
            say(f"  waiting for the first videos, {waited:.0f} s so far")
        time.sleep(_LOOK_EVERY_S)
    say(f"  the first videos can be found: {found} so far")


def _videos(api_url: str) -> int:
    answer = get(f"{api_url}/get?limit=1")
    if answer is None or answer.status != 200:
        return 0
    return int(json.loads(answer.body)["total"]["value"])
