"""A stack of small real processes, supervised by a process of its own: `python -m tests.stack.small_stack DIRECTORY`.

The parts are a web server, in the first stage, and a sleeper, in the second; with `--hopeless` a third one dies at
once, every time.
"""

import sys
from functools import partial
from pathlib import Path

from observability import configure_logging
from stack.directory import StackDirectory
from stack.leftovers import end_leftovers
from stack.lock import SupervisorLock
from stack.loopback import listens
from stack.part import Layout, Part
from stack.ports import choose_ports
from stack.supervisor import listen_for_stop, supervise

PYTHON = sys.executable
WEB = "web"
SLEEPER = "sleeper"
HOPELESS = "hopeless"


def layout(directory: StackDirectory, *, hopeless: bool) -> Layout:
    port = choose_ports(directory, (WEB,))[WEB]
    server = [PYTHON, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    first = [Part(WEB, tuple(server), ready=partial(listens, port))]
    if hopeless:
        first.append(Part(HOPELESS, (PYTHON, "-c", "raise SystemExit('out of luck')"), ready=lambda: False))
    second = [Part(SLEEPER, (PYTHON, "-c", "import time; time.sleep(600)"))]
    return Layout("small", False, (tuple(first), tuple(second)), {"api": f"http://127.0.0.1:{port}"})


def main(data_dir: str, *options: str) -> int:
    configure_logging("stack")
    directory = StackDirectory.of(Path(data_dir))
    lock = SupervisorLock.take(directory.lock)
    if lock is None:
        return 7
    with lock:
        end_leftovers(directory, 5, print)
        supervise(layout(directory, hopeless="--hopeless" in options), directory, listen_for_stop())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
