"""Where videos are looked up: an interface, and its implementation over a list of videos.

The other implementation is `made_up.library`. Neither ever gives a video of the future: `now` is the present, in
seconds since 1970.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from youtube_emulator.matching import Question
from youtube_emulator.shelf import Shelf
from youtube_emulator.video import Video, channel_id, handle_of, text_of
from youtube_emulator.words import fold


@dataclass(frozen=True, slots=True)
class Span:
    """The times from `start` to `end`, both included, in seconds since 1970."""

    start: int
    end: int


class Library(Protocol):
    """Videos that can be looked up."""

    def find(self, question: Question, span: Span, now: int) -> Iterator[Video]:
        """The videos that match and were published in the span, newest first."""

    def video(self, video_id: str, now: int) -> Video | None:
        """The video with this id."""

    def uploads(self, channel: str, now: int) -> Iterator[Video] | None:
        """The videos of the channel with this id, newest first; None when there is no such channel."""

    def channel_of_handle(self, handle: str) -> str | None:
        """The id of the channel with this handle (with or without `@`, in either case)."""

    def count(self, now: int) -> int:
        """How many videos there are."""


class ListLibrary:
    """Looks up the videos of a list, each with an id of its own."""

    def __init__(self, videos: Iterable[Video]) -> None:
        self._videos: Sequence[Video] = sorted(videos, key=lambda video: (video.published, video.id))
        texts = [text_of(video) for video in self._videos]
        self._shelf = Shelf([video.published for video in self._videos], texts.__getitem__)
        self._shelf.build_index()
        self._by_id = {video.id: video for video in self._videos}
        self._by_channel: dict[str, list[Video]] = {}
        self._handles: dict[str, str] = {}
        for video in reversed(self._videos):
            self._by_channel.setdefault(video.channel_id, []).append(video)
            self._handles.setdefault(handle_of(video.channel_title), channel_id(video.channel_title))

    def find(self, question: Question, span: Span, now: int) -> Iterator[Video]:
        """The videos that match and were published in the span, newest first."""
        found = self._shelf.find(question, span.start, min(span.end, now))
        return (self._videos[position] for position in found)

    def video(self, video_id: str, now: int) -> Video | None:
        """The video with this id."""
        video = self._by_id.get(video_id)
        return video if video is not None and video.published <= now else None

    def uploads(self, channel: str, now: int) -> Iterator[Video] | None:
        """The videos of the channel with this id, newest first; None when there is no such channel."""
        videos = self._by_channel.get(channel)
        return None if videos is None else (video for video in videos if video.published <= now)

    def channel_of_handle(self, handle: str) -> str | None:
        """The id of the channel with this handle."""
        return self._handles.get("@" + fold(handle).removeprefix("@"))

    def count(self, now: int) -> int:
        """How many videos there are."""
        return sum(1 for video in self._videos if video.published <= now)
