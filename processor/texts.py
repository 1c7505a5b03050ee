"""Which of two texts, or sets of thumbnails, of a video tells more.

A search result cuts the description to about 160 characters, folds its white space and ends it with " ...", and has
fewer sizes of thumbnails (https://developers.google.com/youtube/v3/docs/search#resource). So the same video looks
different from different sides, and only a text that is really new may replace a fuller one.
"""

from collections.abc import Mapping
from typing import Any

_CUT = ("...", "…")


def same_words(one: str, other: str) -> bool:
    """Whether the texts differ in white space at most."""
    return one == other or one.split() == other.split()


def is_excerpt(text: str, whole: str) -> bool:
    """Whether `text` tells nothing beyond `whole`: no words, the same, or those it begins with, cut off.

    >>> is_excerpt("A long ...", "A long\\nstory"), is_excerpt("A long", "A long story")
    (True, False)
    """
    words = text.split()
    if not words:
        return True
    if not words[-1].endswith(_CUT):
        return words == whole.split()
    beginning = " ".join(words).rstrip(".…").rstrip()
    # Only as much of the whole as is compared: it may be thirty times as long.
    length = beginning.count(" ") + 1
    return " ".join(whole.split(None, length)[:length]).startswith(beginning)


def has_all_thumbnails(known: Mapping[str, Mapping[str, Any]], seen: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether `known` has every size of `seen`, with the same values."""
    return all(size in known and values.items() <= known[size].items() for size, values in seen.items())
