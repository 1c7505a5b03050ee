"""Which videos were seen of late, by subject: in memory, so that what is new, or late, can be told apart."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from producer.looking_back import FARTHEST
from schemas import Window

_KEPT = FARTHEST + timedelta(days=1)
"""Two polls that look at the same past are at most `FARTHEST` apart, or a day later when it is not polled sooner."""


class Recent:
    """Remembers ids since they were last seen, and searches, for three days. After a restart it knows nothing, and
    takes nothing for late. `monotonic_s` tells how time passes."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._videos: dict[str, dict[str, float]] = {}
        self._searches: dict[str, deque[tuple[Window, datetime]]] = {}

    def seen(self, subject_id: str, videos: Iterable[str]) -> None:
        """Notes videos that were found for a subject, whoever found them."""
        known, now_s = self._videos.setdefault(subject_id, {}), self._monotonic_s()
        for video in videos:
            known.pop(video, None)  # to the end: the one last seen longest ago stands first
            known[video] = now_s
        for old in list(takewhile(lambda video: now_s - known[video] > _KEPT.total_seconds(), known)):
            del known[old]

    def knows(self, subject_id: str, video: str) -> bool:
        """Whether the video was found for the subject of late; if so, it was seen again now."""
        known = video in self._videos.get(subject_id, {})
        if known:
            self.seen(subject_id, [video])
        return known

    def searched(self, subject_id: str, window: Window, at: datetime) -> None:
        """Notes that everything shown of the window at that time was seen."""
        searches = self._searches.setdefault(subject_id, deque())
        searches.append((window, at))
        while at - searches[0][1] > _KEPT:
            searches.popleft()

    def forget_others(self, subjects: Collection[str]) -> None:
        """Forgets all subjects but those with these ids."""
        for unwanted in (self._videos.keys() | self._searches.keys()).difference(subjects):
            self._videos.pop(unwanted, None)
            self._searches.pop(unwanted, None)

    def lateness_s(self, subject_id: str, published_at: datetime) -> int | None:
        """How late, in seconds, a video turned up that is not known: at least as old as it was at the last search
        that would have shown it. None where there was no such search.

        Not as old as it is when it is found: that would take how rarely is looked for how late videos turn up, and
        looking back ever farther would make it rarer still.
        """
        for window, at in reversed(self._searches.get(subject_id, ())):
            if window.start <= published_at <= window.end:
                return max(0, int((at - published_at).total_seconds()))
        return None
