"""Shows how a stack that is starting or stopping in the background gets on."""

import time
from collections.abc import Mapping

from stack.console import Say
from stack.directory import StackDirectory
from stack.errors import StackError
from stack.lock import holder
from stack.state import PartState, Phase, StackState, read_state

_LOOK_EVERY_S = 0.05
_LOG_LINES = 15
# An empty word stands for the note of the part.
_STARTING: Mapping[Phase, str] = {
    "starting": "starting",
    "running": "answers",
    "restarting": "",
    "late": "",
    "failing": "",
}
_STOPPING: Mapping[Phase, str] = {"stopping": "stopping", "stopped": "stopped"}


def follow_start(directory: StackDirectory, supervisor: int, say: Say) -> StackState:
    """Reports every part until all of them answer, and returns the state then.

    Raises StackError, with the end of its log, for a part that does not come up; it is still being tried then.
    """
    shown: dict[str, str] = {}
    while True:
        state = read_state(directory)
        if state is not None:
            _show(state, _STARTING, shown, say)
            if state.complete:
                return state
            if state.troubled:
                raise StackError(trouble(directory, state.troubled[0]))
        if holder(directory.lock) != supervisor:
            raise StackError(
                f"the stack ended while it was starting; the end of {directory.log_file('supervisor')}:\n"
                + last_lines(directory, "supervisor")
            )
        time.sleep(_LOOK_EVERY_S)


def follow_stop(directory: StackDirectory, supervisor: int, within: float, say: Say) -> bool:
    """Reports every part until the supervisor is gone; whether it went within `within` seconds."""
    shown: dict[str, str] = {}
    deadline = time.monotonic() + within
    while holder(directory.lock) == supervisor:
        if time.monotonic() > deadline:
            return False
        state = read_state(directory)
        if state is not None:
            _show(state, _STOPPING, shown, say)
        time.sleep(_LOOK_EVERY_S)
    return True


def last_lines(directory: StackDirectory, part: str, count: int = _LOG_LINES) -> str:
    """The end of a part's log, indented."""
    try:
        with directory.log_file(part).open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - 200 * count))
            text = log.read().decode(errors="replace")
    except OSError:
        return "    (no log)"
    return "\n".join(f"    {line[:400]}" for line in text.splitlines()[-count:]) or "    (empty)"


def trouble(directory: StackDirectory, part: PartState) -> str:
    """What is the matter with a part, with the end of its log and what can be done."""
    return (
        f"{part.name} does not come up: {part.note}. The end of {directory.log_file(part.name)}:\n"
        f"{last_lines(directory, part.name)}\n"
        f"It is still being tried. See: make logs {directory.setting}; end it: make down {directory.setting}"
    )


def _show(state: StackState, words: Mapping[Phase, str], shown: dict[str, str], say: Say) -> None:
    """Says what is new since the last call, of which `shown` keeps track."""
    for part in state.parts:
        if part.phase not in words:
            continue
        line = f"  {part.name}: {words[part.phase] or part.note}"
        if shown.get(part.name) != line:
            shown[part.name] = line
            say(line)
