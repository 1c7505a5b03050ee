"""What the supervisor knows of every part, and writes down for `status` and `up` to read."""

from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from pydantic import BaseModel, ConfigDict

from observability import event_logger
from stack.directory import StackDirectory, write_whole

Phase = Literal["waiting", "starting", "running", "late", "restarting", "failing", "stopping", "stopped"]
"""`late`: alive, and does not answer in time. `failing`: dies again and again, and is still tried."""

logs = event_logger("stack")


class PartState(BaseModel):
    """One part; `since` is when its process started, `note` what a person should know."""

    model_config = ConfigDict(frozen=True)

    name: str
    phase: Phase = "waiting"
    pid: int | None = None
    since: datetime | None = None
    restarts: int = 0
    note: str = ""

    @property
    def troubled(self) -> bool:
        """Whether a person should look at it."""
        return self.phase in {"late", "failing"}


class StackState(BaseModel):
    """The whole stack. `addresses` maps what there is to reach to where it is."""

    model_config = ConfigDict(frozen=True)

    stack: str
    simulated: bool
    addresses: dict[str, str]
    parts: tuple[PartState, ...]
    complete: bool = False

    @property
    def ending(self) -> bool:
        """Whether it was asked to stop."""
        return any(part.phase in {"stopping", "stopped"} for part in self.parts)

    @property
    def troubled(self) -> tuple[PartState, ...]:
        """The parts a person should look at."""
        return tuple(part for part in self.parts if part.troubled)


class StateBoard:
    """The current state, shared by the watchers' threads and written to the disk with every change.

    Raises OSError when it cannot be written at the start. A disk that is full later must not end the supervisor: the
    parts go on, only `status` is behind.
    """

    def __init__(self, directory: StackDirectory, state: StackState) -> None:
        self._directory = directory
        self._parts = {part.name: part for part in state.parts}
        self._state = state
        self._lock = Lock()
        self._write()

    @property
    def state(self) -> StackState:
        """As of now."""
        return self._state

    def change(self, name: str, **fields: object) -> None:
        """Changes fields of one part."""
        with self._lock:
            self._parts[name] = self._parts[name].model_copy(update=fields)
            self._try_to_write()

    def change_stack(self, **fields: object) -> None:
        """Changes fields of the whole."""
        with self._lock:
            self._state = self._state.model_copy(update=fields)
            self._try_to_write()

    def _try_to_write(self) -> None:
        try:
            self._write()
        except OSError as error:
            logs.error("state_not_written", reason=error)

    def _write(self) -> None:
        self._state = self._state.model_copy(update={"parts": tuple(self._parts.values())})
        write_whole(self._directory.state, self._state.model_dump_json(indent=2))


def read_state(directory: StackDirectory) -> StackState | None:
    """What was last written, or None where there is nothing legible."""
    try:
        return StackState.model_validate_json(directory.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def now() -> datetime:
    """The time, as states hold it."""
    return datetime.now(UTC)
