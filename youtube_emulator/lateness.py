"""Videos that search finds only some time after their publication, as happens with YouTube's search."""

from dataclasses import dataclass

from youtube_emulator.chance import share
from youtube_emulator.video import Video


@dataclass(frozen=True, slots=True)
class Lateness:
    """A share of `rate` of all videos turns up in search `by_s` seconds after publication. Which, `seed` says."""

    rate: float = 0.0
    by_s: float = 0.0
    seed: int = 1

    def hides(self, video: Video, now: float) -> bool:
        """Whether search does not show the video yet."""
        if not self.rate or video.published + self.by_s <= now:
            return False
        return share(self.seed, "late", video.id) < self.rate
