"""What people are told of a key, out of what the producer found out about it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from threading import BoundedSemaphore
from typing import Literal

from pydantic import BaseModel, Field

from event_log import LogUnavailableError
from query_api.control import Control
from schemas import ApiKey, KeyHealth, UtcSecond

_LOOK_EVERY_S = 0.2
_MOST_WAITING = BoundedSemaphore(8)
"""Each asks the log again and again."""

NOT_YET = "the producer has not come to it so far, or YouTube did not answer; a check needs a unit of the day's quota"


State = Literal["valid", "invalid", "unchecked"]


class KeyState(BaseModel):
    """A key that is stored, without telling it, and how it fares."""

    id: str
    masked: str = Field(description="The last four characters.")
    project: str = Field(description="Whose quota it spends: its name here, or YouTube's number once that is known.")
    source: Literal["api", "environment"]
    added_at: UtcSecond
    state: State
    reason: str | None = Field(description="Why it is invalid, in YouTube's words and what to do; or not checked.")
    checked_at: UtcSecond | None = Field(description="When YouTube last accepted or refused it.")
    retired_at: UtcSecond | None = Field(description="Since when it is not used; null while it is.")


def key_state(key: ApiKey, health: KeyHealth | None, hindrance: str | None = None) -> KeyState:
    """What is told of a key; `hindrance` is why the producer cannot check keys now, if that is known."""
    state, reason = _state(key, health)
    if state == "unchecked":
        reason = f"not checked yet: {hindrance or NOT_YET}. GET /api_keys/{key.id} tells once it is"
    return KeyState(
        id=key.id,
        masked=key.masked,
        project=(health and health.project_number) or key.project,
        source=key.source,
        added_at=key.added_at,
        state=state,
        reason=reason,
        checked_at=health.checked_at if health else None,
        retired_at=health.retired_at if health and state == "invalid" else None,
    )


def key_counts(control: Control) -> Counter[State] | None:
    """How many keys there are in each state, or None while that cannot be read."""
    try:
        return Counter(_state(known.key, known.health)[0] for known in control.api_keys())
    except LogUnavailableError:
        return None


async def await_check(
    look: Callable[[], Awaitable[KeyHealth | None]],
    key: ApiKey,
    within_s: float,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> KeyHealth | None:
    """What is known of a key, which `look` gives, after the producer checked it, or when that takes longer than
    `within_s`."""
    end = time.monotonic() + within_s
    waits = _MOST_WAITING.acquire(blocking=False)
    try:
        while True:
            health = await _health(look)
            if _state(key, health)[0] != "unchecked" or not waits or time.monotonic() >= end:
                return health
            await pause(_LOOK_EVERY_S)
    finally:
        if waits:
            _MOST_WAITING.release()


async def _health(look: Callable[[], Awaitable[KeyHealth | None]]) -> KeyHealth | None:
    try:
        return await look()
    except LogUnavailableError:
        return None  # the key is stored all the same


def _state(key: ApiKey, health: KeyHealth | None) -> tuple[State, str | None]:
    if health is not None and health.refuses(key):
        return "invalid", health.retired_reason
    if health is not None and health.is_checked(key):
        return "valid", None
    return "unchecked", None
