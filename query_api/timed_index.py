"""The index with a clock beside it: what it takes of the time of a request."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from video_index import VideoIndex

_NOT_ASKED = {"close"}


def timed(index: VideoIndex, note: Callable[[str, float], None]) -> VideoIndex:
    """`index`, whose every answer is told to `note` with the name of the method and the seconds it took."""
    return cast(VideoIndex, _TimedIndex(index, note))


class _TimedIndex:
    """Has the methods of the index, whichever those are."""

    def __init__(self, index: VideoIndex, note: Callable[[str, float], None]) -> None:
        for name in dir(index):
            method = getattr(index, name) if not name.startswith("_") else None
            if callable(method):
                setattr(self, name, method if name in _NOT_ASKED else _timed(name, method, note))


def _timed(name: str, method: Callable[..., Any], note: Callable[[str, float], None]) -> Callable[..., Any]:
    @wraps(method)
    def ask(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
        began = time.perf_counter()
        try:
            return method(*arguments, **named)
        finally:
            note(name, time.perf_counter() - began)

    return ask
