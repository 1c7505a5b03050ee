"""The supervisor in the background: `python -m stack.daemon DESCRIPTOR`, started by `up` with the lock it took."""

import sys

from observability import configure_logging, event_logger
from stack.directory import StackDirectory
from stack.layouts import build_layout
from stack.lock import SupervisorLock
from stack.settings import StackSettings
from stack.supervisor import listen_for_stop, supervise

logs = event_logger("stack")


def main(descriptor: int) -> None:
    """Supervises the stack of the settings in the environment until it is asked to stop."""
    configure_logging("stack")
    requests = listen_for_stop()
    settings = StackSettings.read()
    directory = StackDirectory.of(settings.data_dir)
    lock = SupervisorLock.inherited(descriptor)
    layout = build_layout(settings, directory, lambda line: logs.info("preparing", message=line))
    supervise(layout, directory, requests)
    lock.release()


if __name__ == "__main__":
    main(int(sys.argv[1]))
