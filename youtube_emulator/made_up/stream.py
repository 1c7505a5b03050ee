"""The videos of one topic in time: video n is published at a random moment of the n-th period since 1970."""

import math
from collections.abc import Iterator
from functools import lru_cache

from youtube_emulator.chance import share
from youtube_emulator.library import Span
from youtube_emulator.made_up.recipe import make_video, recipe, recipe_text, vocabulary
from youtube_emulator.made_up.topic import Topic
from youtube_emulator.matching import Question, Term
from youtube_emulator.shelf import Shelf
from youtube_emulator.video import Video

TOPIC_BITS = 5
"""How many bits of a video's number among all are its topic's number."""

_BLOCK = 256
_KEPT_BLOCKS = 64


class Stream:
    """The topic with this `place` among all, of which a video appears every `period_s` seconds.

    Videos are looked through in blocks, made when they are first needed; the ones last used are kept.
    """

    def __init__(self, topic: Topic, place: int, seed: int, period_s: float) -> None:
        self.topic = topic
        self._place = place
        self._seed = seed
        self._period_s = period_s
        self._block = lru_cache(maxsize=_KEPT_BLOCKS)(self._make_block)

    def find(self, question: Question, span: Span) -> Iterator[Video]:
        """The videos of the span that match, newest first."""
        if not self._may_match(question):
            return
        first, last = self._number_at(span.start) - 1, self._number_at(span.end + 1) + 1
        for number in range(last // _BLOCK, first // _BLOCK - 1, -1):
            for position in self._block(number).find(question, span.start, span.end):
                yield self.make(number * _BLOCK + position)

    def make(self, number: int) -> Video:
        """Video `number` of the topic."""
        mark = number << TOPIC_BITS | self._place
        return make_video(self.topic, self._seed, number, mark=mark, published=self.published(number))

    def published(self, number: int) -> int:
        """When the video is published."""
        return int((number + share(self._seed, self._place, number)) * self._period_s)

    def count(self, span: Span) -> int:
        """How many videos are published in the span."""
        return self._first_after(span.end) - self._first_after(span.start - 1)

    def newest(self, now: int) -> int:
        """When the newest video was published."""
        return self.published(self._first_after(now) - 1)

    def _first_after(self, moment: int) -> int:
        number = self._number_at(moment) - 1
        while self.published(number) <= moment:
            number += 1
        return number

    def _number_at(self, moment: int) -> int:
        return max(0, math.floor(moment / self._period_s))

    def _may_match(self, question: Question) -> bool:
        known = vocabulary(self.topic)

        def may_hold(term: Term) -> bool:
            return term.excluded or all(word in known or _has_digit(word) for word in term.words)

        return all(any(may_hold(term) for term in group) for group in question.groups)

    def _make_block(self, number: int) -> Shelf:
        first = number * _BLOCK
        published = [self.published(first + position) for position in range(_BLOCK)]
        return Shelf(published, lambda position: recipe_text(recipe(self.topic, self._seed, first + position)))


def _has_digit(word: str) -> bool:
    """Words such as `24x` come of a title's number, and stand in no vocabulary."""
    return any(character.isdigit() for character in word)
