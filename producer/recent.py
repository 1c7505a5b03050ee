"""Which videos were seen of late, by subject: in memory, so that what is new, or late, can be told apart."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime

from schemas import Window

_MOST_VIDEOS = 5_000
_MOST_SEARCHES = 500


class Recent:
    """Remembers ids and searches. After a restart it knows nothing, and takes nothing for late."""

    def __init__(self) -> None:
        self._videos: dict[str, dict[str, None]] = {}
        self._searches: dict[str, deque[tuple[Window, datetime]]] = {}

    def seen(self, subject_id: str, videos: Iterable[str]) -> None:
        """Notes videos that were found for a subject, whoever found them."""
        known = self._videos.setdefault(subject_id, {})
        known.update(dict.fromkeys(videos))
        while len(known) > _MOST_VIDEOS:
            del known[next(iter(known))]

    def knows(self, subject_id: str, video: str) -> bool:
        """Whether the video was found for the subject of late."""
        return video in self._videos.get(subject_id, {})

    def searched(self, subject_id: str, window: Window, at: datetime) -> None:
        """Notes that everything shown of the window at that time was seen."""
        self._searches.setdefault(subject_id, deque(maxlen=_MOST_SEARCHES)).append((window, at))

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
