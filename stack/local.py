"""Starts the stacks that are processes of this machine."""

import os
import subprocess
import sys

from observability import configure_logging
from stack.api_port import check_api_port
from stack.console import Say
from stack.directory import StackDirectory
from stack.disk import check_disk
from stack.down import down
from stack.follow import follow_start
from stack.layouts import build_layout
from stack.leftovers import end_leftovers
from stack.lock import SupervisorLock
from stack.origin import Origin, write_origin
from stack.process import rotate
from stack.settings import StackSettings
from stack.state import StackState
from stack.supervisor import listen_for_stop, supervise

_LEFTOVERS_WITHIN_S = 15.0


def clear_the_way(settings: StackSettings, directory: StackDirectory, origin: Origin, say: Say) -> None:
    """Ends what an earlier run left, checks the port and the disk, and downloads what is missing.

    The caller holds the lock. Raises RefusedError and EngineMissingError; then nothing was started.
    """
    # Before the port is checked: they may be the ones that have it.
    end_leftovers(directory, _LEFTOVERS_WITHIN_S, say)
    check_api_port(settings)
    check_disk(directory)
    build_layout(settings, directory, say)
    write_origin(directory, origin)


def supervise_here(settings: StackSettings, directory: StackDirectory, say: Say) -> None:
    """Runs the stack as a child of this terminal until Ctrl-C or SIGTERM, and returns when all of it has ended."""

    def announce(state: StackState) -> None:
        say(f"every part answers; the API is at {state.addresses['api']}")
        say(f"logs are in {directory.logs}; Ctrl-C ends all of it")

    configure_logging("stack")
    requests = listen_for_stop()
    supervise(build_layout(settings, directory, say), directory, requests, announce)
    say("every part has ended")


def supervise_in_background(
    settings: StackSettings, directory: StackDirectory, lock: SupervisorLock, say: Say
) -> None:
    """Starts the supervisor in a session of its own, leaves it the lock, and returns when every part answers.

    What is interrupted is undone. Raises StackError for a part that does not come up.
    """
    log = directory.log_file("supervisor")
    log.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    with log.open("ab") as output:
        supervisor = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", "stack.daemon", str(lock.descriptor)],
            pass_fds=[lock.descriptor],
            env={**os.environ, **settings.for_children()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    lock.hand_over(supervisor.pid)
    try:
        follow_start(directory, supervisor.pid, say)
    except KeyboardInterrupt:
        say("interrupted: stopping what was started")
        down(directory, say)
        raise
