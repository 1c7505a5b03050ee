"""Finds what the videos of a catalogue are about: a few queries that each find many of them.

Words that stand in many titles and tags are taken, most frequent first, without those that say nothing about a
subject in the languages most videos are in. A word of which the videos are mostly those of a word already taken
is left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from youtube_emulator.stop_words import STOP_WORDS
from youtube_emulator.video import Video, text_of
from youtube_emulator.words import recurring_words, words

_LETTERS = re.compile(r"[^\W\d_]+")

MOST = 5
_ENOUGH_VIDEOS = 50
_MIN_LETTERS = 4
_MAX_COMMON_SHARE = 0.5


def choose_subjects(videos: Sequence[Video]) -> list[str]:
    """Three to five queries, as far as the videos have that many words; none holds a `;`."""
    telling: Counter[str] = Counter()
    for video in videos:
        telling.update(_telling_words(video))
    candidates = sorted(telling, key=lambda word: (-telling[word], word))[:200]
    found_by = _found_by(candidates, videos)
    for enough in (_ENOUGH_VIDEOS, 2, 1):
        chosen = _spread(candidates, found_by, enough)
        if len(chosen) >= 3:
            break
    return [_as_written(word, videos) for word in chosen]


def _telling_words(video: Video) -> set[str]:
    named = {word for text in (video.title, *video.tags) for word in recurring_words(text)}
    return {word for word in named if len(word) >= _MIN_LETTERS and word.isalpha() and word not in STOP_WORDS}


def _as_written(word: str, videos: Sequence[Video]) -> str:
    """The form in which titles and tags mostly write a folded word, in small letters: `français` for `francais`."""
    texts = (text for video in videos for text in (video.title, *video.tags) if word in recurring_words(text))
    forms = Counter(form for text in texts for form in _LETTERS.findall(text.lower()) if words(form) == (word,))
    return min(forms, key=lambda form: (-forms[form], form), default=word)


def _found_by(candidates: Iterable[str], videos: Sequence[Video]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {word: set() for word in candidates}
    for position, video in enumerate(videos):
        for word in found.keys() & set(text_of(video).split()):
            found[word].add(position)
    return found


def _spread(candidates: Iterable[str], found_by: dict[str, set[int]], enough: int) -> list[str]:
    """The first candidates that find enough videos, and mostly others than those before them."""
    chosen: list[str] = []
    for word in candidates:
        found = found_by[word]
        common = max((len(found & found_by[other]) / len(found) for other in chosen), default=0.0)
        if len(found) >= enough and common <= _MAX_COMMON_SHARE:
            chosen.append(word)
        if len(chosen) == MOST:
            break
    return chosen
