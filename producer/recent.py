"""Which videos were seen of late, by subject: in memory, so that what is new, or late, can be told apart."""

from collections.abc import Iterable
from datetime import datetime

_MOST = 5_000


class Recent:
    """Remembers ids. After a restart it knows nothing, and says since when it has been told of a subject."""

    def __init__(self) -> None:
        self._videos: dict[str, dict[str, None]] = {}
        self._since: dict[str, datetime] = {}

    def seen(self, subject_id: str, videos: Iterable[str]) -> None:
        """Notes videos that were found for a subject, whoever found them."""
        known = self._videos.setdefault(subject_id, {})
        known.update(dict.fromkeys(videos))
        while len(known) > _MOST:
            del known[next(iter(known))]

    def knows(self, subject_id: str, video: str) -> bool:
        """Whether the video was found for the subject of late."""
        return video in self._videos.get(subject_id, {})

    def watches_from(self, subject_id: str, start: datetime) -> None:
        """Notes that everything published from `start` on was seen from now on."""
        self._since[subject_id] = min(start, self._since.get(subject_id, start))

    def has_watched(self, subject_id: str, moment: datetime) -> bool:
        """Whether a video published then that is not known must have turned up since it was looked for."""
        since = self._since.get(subject_id)
        return since is not None and since <= moment
