"""A backup or a restore of the embedded stack that is killed before it puts its result in place.

Usage: python -m tests.operations.killed_embedded_copy back_up DATA_DIR DIRECTORY | restore FILE DATA_DIR
"""

import os
import signal
import sys
from pathlib import Path

from operations.embedded_copy import back_up, restore
from tests.video_index.contract import NOON


def _die(event: str, _: object) -> None:
    if event == "os.rename":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    what, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sys.addaudithook(_die)
    if what == "back_up":
        back_up(source, target, NOON)
    else:
        restore(source, target, overwrite=False)
