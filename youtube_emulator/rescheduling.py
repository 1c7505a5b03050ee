"""Gives the videos of a catalogue other publication times, so that old videos are news."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from youtube_emulator.video import Video


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The newest `count` videos are published one by one, `every_s` seconds apart, the first at `start`."""

    count: int
    every_s: float
    start: int


def shifted(videos: Sequence[Video], by_s: int) -> list[Video]:
    """All videos, published so many seconds later."""
    return [replace(video, published=video.published + by_s) for video in videos] if by_s else list(videos)


def newest_at(videos: Sequence[Video], moment: int) -> list[Video]:
    """All videos, shifted so that the newest is published at that moment."""
    return shifted(videos, moment - max(video.published for video in videos)) if videos else []


def arriving(videos: Sequence[Video], arrivals: Arrivals) -> list[Video]:
    """All videos, the newest of them with the times of the arrivals, in the order they had."""
    ordered = sorted(videos, key=lambda video: (video.published, video.id))
    first = max(0, len(ordered) - arrivals.count)
    return ordered[:first] + [
        replace(video, published=arrivals.start + int(place * arrivals.every_s))
        for place, video in enumerate(ordered[first:])
    ]
