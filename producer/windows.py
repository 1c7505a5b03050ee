"""Arithmetic on windows: closed spans of whole seconds, which publication times fall into."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas import Window

SECOND = timedelta(seconds=1)
"""The precision of YouTube's publication times: [a, b] and [b + 1 s, c] touch and leave nothing out."""


def union(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same seconds as disjoint windows that do not touch, oldest first."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda window: window.start):
        if joined and window.start <= joined[-1].end + SECOND:
            joined[-1] = Window(start=joined[-1].start, end=max(joined[-1].end, window.end))
        else:
            joined.append(window)
    return tuple(joined)


def subtract(windows: Iterable[Window], hole: Window) -> tuple[Window, ...]:
    """The seconds of `windows` that are not in `hole`, oldest first when `windows` are."""
    left: list[Window] = []
    for window in windows:
        if window.start < hole.start:
            left.append(Window(start=window.start, end=min(window.end, hole.start - SECOND)))
        if window.end > hole.end:
            left.append(Window(start=max(window.start, hole.end + SECOND), end=window.end))
    return tuple(left)


def gaps(within: Window, covered: Iterable[Window]) -> tuple[Window, ...]:
    """What of `within` is not covered, newest first."""
    left: tuple[Window, ...] = (within,)
    for window in covered:
        left = subtract(left, window)
    return left[::-1]


def until(windows: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    """The seconds of `windows` up to `now`, that one included.

    What lies in the future cannot be complete: it was noted while the clock was wrong.
    """
    return tuple(Window(start=window.start, end=min(window.end, now)) for window in windows if window.start <= now)


def live_window(covered: Iterable[Window], since: datetime, now: datetime, overlap: timedelta) -> Window:
    """From `overlap` before the newest covered second, but not before `since`, up to `now`.

    Videos turn up in YouTube's search late, so the newest past is searched again. `since` must not be after `now`.
    """
    newest = max((window.end for window in until(covered, now)), default=None)
    if newest is None or newest - since <= overlap:
        return Window(start=since, end=now)
    return Window(start=newest - overlap, end=now)
