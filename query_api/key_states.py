"""What people are told of a key, out of what the producer found out about it."""

import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Literal

from pydantic import BaseModel, Field

from event_log import LogUnavailableError
from query_api.control import Control
from schemas import ApiKey, KeyHealth, UtcSecond

_LOOK_EVERY_S = 0.2
_MOST_WAITING = BoundedSemaphore(8)
"""Each waits in a thread, and searches need threads, too."""

NOT_YET = (
    "not checked yet: the producer has not answered in time. It may be busy, without units, or away "
    "(GET /status tells); GET /api_keys/{id} shows the result once there is one"
)


class KeyState(BaseModel):
    """A key that is stored, without telling it, and how it fares."""

    id: str
    masked: str = Field(description="The last four characters.")
    project: str = Field(description="Whose quota it spends: its name here, or YouTube's number once that is known.")
    source: Literal["api", "environment"]
    added_at: UtcSecond
    state: Literal["valid", "invalid", "unchecked"]
    reason: str | None = Field(description="Why it is invalid, in YouTube's words and what to do; or not checked.")
    checked_at: UtcSecond | None


def key_state(key: ApiKey, health: KeyHealth | None) -> KeyState:
    """What is told of a key."""
    state, reason = _state(key, health)
    return KeyState(
        id=key.id,
        masked=key.masked,
        project=(health and health.project_number) or key.project,
        source=key.source,
        added_at=key.added_at,
        state=state,
        reason=reason,
        checked_at=health.checked_at if health else None,
    )


def await_check(
    control: Control, key: ApiKey, within_s: float, pause: Callable[[float], None] = time.sleep
) -> KeyState:
    """What is told of a key after the producer checked it, or when that takes longer than `within_s`."""
    end = time.monotonic() + within_s
    waits = _MOST_WAITING.acquire(blocking=False)
    try:
        while True:
            state = key_state(key, _health(control, key))
            if state.state != "unchecked" or not waits or time.monotonic() >= end:
                return state
            pause(_LOOK_EVERY_S)
    finally:
        if waits:
            _MOST_WAITING.release()


def _health(control: Control, key: ApiKey) -> KeyHealth | None:
    try:
        return control.health_of(key)
    except LogUnavailableError:
        return None  # the key is stored all the same


def _state(key: ApiKey, health: KeyHealth | None) -> tuple[Literal["valid", "invalid", "unchecked"], str | None]:
    if health is not None and health.refuses(key):
        return "invalid", health.retired_reason
    if health is not None and health.is_checked(key):
        return "valid", None
    return "unchecked", NOT_YET.format(id=key.id)
