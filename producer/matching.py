"""Decides whether a video is about a subject, where YouTube's search was not asked: on the uploads of channels.

`rust async`             both words, anywhere in the video's texts
`"live coding"`          these words next to each other, within one text
`-tutorial`              not the videos with this word; `-"live coding"` not those with the phrase
`boating|sailing -fish`  either of the first two, and not the third

YouTube documents `-` and `|` (https://developers.google.com/youtube/v3/docs/search/list#q). The rest is inferred:
that every word is wanted, quotes, that `|` binds closer than a space, and that case, diacritics and English endings
make no difference, which is how our own index compares words. A quote that is not closed counts as a space.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from video_index.words import stems, words, words_of_fields

_CURLY_QUOTES = str.maketrans("“”„", '"""')
_PART = re.compile(
    r"""(?P<bar>\|)
      | (?P<minus>(?<![^\s|])-)?          # only at the beginning of a word or phrase
        (?: "(?P<phrase>[^"]*)" | (?P<word>[^\s|"]+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Term:
    """Stems that stand next to each other: `needle` is how they read in a text made by `_joined`."""

    needle: str
    excluded: bool

    def holds(self, haystack: str) -> bool:
        return (self.needle in haystack) is not self.excluded


@dataclass(frozen=True, slots=True)
class Matcher:
    """A query. Of each of its groups one term has to hold; without any, every video matches."""

    _groups: tuple[tuple[_Term, ...], ...]

    @classmethod
    def of(cls, query: str) -> Self:
        """The matcher of a query; every text is one."""
        groups: list[tuple[_Term, ...]] = []
        for before, part in pairwise((None, *_parts(query.translate(_CURLY_QUOTES)))):
            if isinstance(part, _Term):
                if before == "|" and groups:
                    groups[-1] += (part,)
                else:
                    groups.append((part,))
        return cls(tuple(groups))

    def matches(self, *texts: str) -> bool:
        """Whether a video with these texts fits: its title, description, channel's title and each of its tags.

        Texts are plain, not HTML-escaped as in search results. No phrase runs from one into the next.
        """
        if not self._groups:
            return True
        haystack = _joined(stems(words_of_fields(texts)))
        return all(any(term.holds(haystack) for term in group) for group in self._groups)


def _parts(query: str) -> Iterator[_Term | str]:
    """The terms and the bars between them; what has no word in it is left out."""
    for found in _PART.finditer(query):
        if found["bar"]:
            yield "|"
        elif folded := words(found["word"] if found["phrase"] is None else found["phrase"]):
            yield _Term(_joined(stems(folded)), excluded=found["minus"] is not None)


def _joined(each: list[str]) -> str:
    """Words between spaces, so that only whole ones are found."""
    return f" {' '.join(each)} "
