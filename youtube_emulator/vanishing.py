"""Videos that are gone some time after their publication: removed, made private, or their channel closed."""

from collections.abc import Iterator
from dataclasses import dataclass

from youtube_emulator.chance import share
from youtube_emulator.library import Library, Span
from youtube_emulator.matching import Question
from youtube_emulator.video import Video


@dataclass(frozen=True, slots=True)
class Vanishing:
    """A share of `rate` of all videos is gone from `after_s` seconds after publication on. Which, `seed` says."""

    rate: float = 0.0
    after_s: float = 86_400.0
    seed: int = 1

    def takes(self, video: Video, now: float) -> bool:
        """Whether the video is gone."""
        if not self.rate or video.published + self.after_s > now:
            return False
        return share(self.seed, "gone", video.id) < self.rate


class VanishingLibrary:
    """Another library without the videos that are gone. They are nowhere: not found, not listed, not known."""

    def __init__(self, library: Library, vanishing: Vanishing) -> None:
        self._library = library
        self._vanishing = vanishing

    def find(self, question: Question, span: Span, now: int) -> Iterator[Video]:
        """The videos that match and were published in the span, newest first."""
        return self._left_of(self._library.find(question, span, now), now)

    def video(self, video_id: str, now: int) -> Video | None:
        """The video with this id."""
        video = self._library.video(video_id, now)
        return None if video is None or self._vanishing.takes(video, now) else video

    def uploads(self, channel: str, now: int) -> Iterator[Video] | None:
        """The videos of the channel with this id, newest first; None when there is no such channel."""
        uploads = self._library.uploads(channel, now)
        return None if uploads is None else self._left_of(uploads, now)

    def channel_of_handle(self, handle: str) -> str | None:
        """The id of the channel with this handle."""
        return self._library.channel_of_handle(handle)

    def count(self, now: int) -> int:
        """How many videos there were before any was gone."""
        return self._library.count(now)

    def _left_of(self, videos: Iterator[Video], now: int) -> Iterator[Video]:
        return (video for video in videos if not self._vanishing.takes(video, now))
