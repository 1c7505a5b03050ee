"""Shows what runs, where it is reached, and how it is."""

import json
from datetime import UTC, datetime

from stack import containers
from stack.compose import show
from stack.console import Say
from stack.directory import StackDirectory
from stack.lock import holder
from stack.loopback import get
from stack.origin import read_origin
from stack.producer_lines import duration, producer_lines
from stack.state import PartState, StackState, read_state

_COLUMNS = "table {{.Name}}\t{{.Status}}\t{{.Ports}}"


def show_status(directory: StackDirectory, api_url: str, say: Say) -> None:
    """Prints the parts of the stack that runs in the directory, its addresses, and what its API says of the work.

    `api_url` is where the API of containers is to be, should it not run; the others' own state tells.
    """
    supervisor = holder(directory.lock)
    if supervisor is None:
        origin = read_origin(directory)
        if origin is not None and origin.stack == "docker":
            say(f"{directory}: docker{_label(origin.simulated)}")
            show(directory, "ps", "--format", _COLUMNS)
            _show_producer(containers.api_url(directory) or api_url, say)
        else:
            say(f"{directory}: the supervisor is gone, and parts it started are still there.")
            say(f"Take them over: make up {directory.setting}; end them: make down {directory.setting}")
        return
    state = read_state(directory)
    if state is None:
        say(f"{directory}: starting, process {supervisor}")
        return
    for line in describe(state, directory, supervisor, datetime.now(UTC)):
        say(line)
    say(f"  API says: {_readiness(state.addresses['api'])}")
    _show_producer(state.addresses["api"], say)


def describe(state: StackState, directory: StackDirectory, supervisor: int, now: datetime) -> list[str]:
    """The state as lines for people."""
    lines = [f"{directory}: {state.stack}{_label(state.simulated)}, supervisor process {supervisor}"]
    lines += [_part_line(part, now) for part in state.parts]
    lines += [f"  {name} at {address}" for name, address in state.addresses.items()]
    return [*lines, f"  logs in {directory.logs}"]


def _label(simulated: bool) -> str:
    return ", simulated data" if simulated else ""


def _part_line(part: PartState, now: datetime) -> str:
    line = f"  {part.name:<14} {part.phase:<11}"
    if part.pid is not None:
        line += f" process {part.pid}"
    if part.pid is not None and part.since is not None:
        line += f", for {duration((now - part.since).total_seconds())}"
    if part.restarts:
        line += f", restarted {part.restarts} times" if part.restarts > 1 else ", restarted once"
    return f"{line}: {part.note}" if part.note else line.rstrip()


def _show_producer(api_url: str, say: Say) -> None:
    for line in _producer(api_url):
        say(line)


def _producer(api_url: str) -> list[str]:
    answer = get(f"{api_url}/status", timeout_s=10.0)
    if answer is None:
        return [f"  producer: not known, no API answers at {api_url}"]
    try:
        return producer_lines(json.loads(answer.body), datetime.now(UTC))
    except (ValueError, KeyError, TypeError):
        return [f"  producer: not known, what answers at {api_url} is not this version's API ({answer.status})"]


def _readiness(api_url: str) -> str:
    answer = get(f"{api_url}/readyz", timeout_s=5.0)
    if answer is None:
        return "no answer"
    try:
        body = json.dumps(json.loads(answer.body), ensure_ascii=False)
    except ValueError:
        body = answer.body.decode(errors="replace")[:200]
    return f"{'ready' if answer.status == 200 else f'not ready ({answer.status})'} {body}"
