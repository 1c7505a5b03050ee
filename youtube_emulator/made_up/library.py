"""Looks up made-up videos: those of the last 30 days, up to the present."""

import heapq
from collections.abc import Iterator, Sequence

from youtube_emulator.library import Span
from youtube_emulator.made_up.recipe import channels_of
from youtube_emulator.made_up.stream import TOPIC_BITS, Stream
from youtube_emulator.made_up.topic import Topic
from youtube_emulator.made_up.topics import TOPICS
from youtube_emulator.made_up.video_ids import decode_id
from youtube_emulator.matching import Question, Term
from youtube_emulator.times import DAY
from youtube_emulator.video import Video, channel_id, handle_of
from youtube_emulator.words import fold, words

MADE_UP_DAYS = 30


class MadeUpLibrary:
    """Videos about all topics, one every `every_s` seconds on average, as `seed` makes them."""

    def __init__(self, seed: int = 1, every_s: float = 20.0, topics: Sequence[Topic] = TOPICS) -> None:
        weights = sum(topic.weight for topic in topics)
        self._seed = seed
        self._streams = [
            Stream(topic, place, seed, every_s * weights / topic.weight) for place, topic in enumerate(topics)
        ]
        self._channels = {
            channel_id(title): (title, stream) for stream in self._streams for title in channels_of(stream.topic)
        }
        self._handles = {handle_of(title): channel for channel, (title, _) in self._channels.items()}

    def find(self, question: Question, span: Span, now: int) -> Iterator[Video]:
        """The videos that match and were published in the span, newest first."""
        within = _shown(now, span)
        found = (stream.find(question, within) for stream in self._streams)
        return heapq.merge(*found, key=lambda video: (video.published, video.id), reverse=True)

    def video(self, video_id: str, now: int) -> Video | None:
        """The video with this id."""
        mark = decode_id(video_id, self._seed)
        if mark is None or (place := mark & ((1 << TOPIC_BITS) - 1)) >= len(self._streams):
            return None
        stream, number, shown = self._streams[place], mark >> TOPIC_BITS, _shown(now)
        return stream.make(number) if shown.start <= stream.published(number) <= shown.end else None

    def uploads(self, channel: str, now: int) -> Iterator[Video] | None:
        """The videos of the channel with this id, newest first; None when there is no such channel."""
        if channel not in self._channels:
            return None
        title, stream = self._channels[channel]
        named = Question(((Term(words(title)),),))
        return (video for video in stream.find(named, _shown(now)) if video.channel_title == title)

    def channel_of_handle(self, handle: str) -> str | None:
        """The id of the channel with this handle."""
        return self._handles.get("@" + fold(handle).removeprefix("@"))

    def count(self, now: int, days: int = MADE_UP_DAYS) -> int:
        """How many videos there are of the last days."""
        return sum(stream.count(Span(now - days * DAY, now)) for stream in self._streams)

    def newest(self, now: int) -> int:
        """When the newest video was published."""
        return max(stream.newest(now) for stream in self._streams)


def _shown(now: int, span: Span | None = None) -> Span:
    """The part of the span of which videos are shown."""
    oldest = now - MADE_UP_DAYS * DAY
    return Span(oldest, now) if span is None else Span(max(span.start, oldest), min(span.end, now))
