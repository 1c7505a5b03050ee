"""Compares the index with `youtube.videos`, which it could be made anew from; changes nothing."""

import time
from dataclasses import dataclass, field

from event_log import EventLog
from operations.replay import Changes, Replay, replaying
from schemas import Video
from video_index import VideoIndex

_SETTLES_WITHIN_S = 15.0
"""For changes that are on the topic already and not in the index yet, or cannot be searched yet."""

_LOOK_EVERY_S = 0.5


@dataclass(slots=True)
class VerifyReport:
    """`differing` are ids whose document in the index is not the newest on the topic; `only_in_index` a number."""

    videos: int = 0
    differing: list[str] = field(default_factory=list)
    only_in_index: int = 0

    @property
    def is_good(self) -> bool:
        """Whether both hold the same."""
        return not self.differing and not self.only_in_index


def verify(log: EventLog, index: VideoIndex, within_s: float = _SETTLES_WITHIN_S) -> VerifyReport:
    """Compares them, also while the pipeline runs: what differs is looked at again for `within_s`.

    Takes about 100 bytes of memory for each video. Raises LogUnavailableError and VideoIndexError.
    """
    with replaying(log) as replay:
        look = _Look(replay, index)
        look.read_on()
        deadline = time.monotonic() + within_s
        verdict = look.verdict()
        while not verdict.is_good and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)
            look.read_on()
            verdict = look.verdict()
    return verdict


class _Look:
    """What was read so far: all ids, and of those that differ the newest document."""

    def __init__(self, replay: Replay, index: VideoIndex) -> None:
        self._replay = replay
        self._index = index
        self._ids: set[str] = set()
        self._differing: dict[str, Video | None] = {}

    def read_on(self) -> None:
        """Up to the end of the topic as it is now."""
        ends = self._replay.ends()
        while not self._replay.has_reached(ends):
            changes = self._replay.batch()
            self._ids |= {video_id for video_id, video in changes.items() if video is not None}
            self._ids -= {video_id for video_id, video in changes.items() if video is None}
            self._compare(changes)
        self._compare(self._differing)

    def verdict(self) -> VerifyReport:
        """As of what was read."""
        there = self._index.get(list(self._differing))
        known = len(self._ids - self._differing.keys()) + sum(stored is not None for stored in there)
        in_index = self._index.freshness().videos
        return VerifyReport(len(self._ids), sorted(self._differing), max(0, in_index - known))

    def _compare(self, changes: Changes) -> None:
        there = self._index.get(list(changes))
        same = {
            video_id
            for (video_id, video), stored in zip(changes.items(), there, strict=True)
            if (stored.video if stored else None) == video
        }
        self._differing = {
            video_id: video for video_id, video in {**self._differing, **changes}.items() if video_id not in same
        }
