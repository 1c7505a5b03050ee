"""Whether a video fits a subject's query, decided here as YouTube's search would decide it. Pure.

`q` of search.list knows `-` for not and `|` for or (https://developers.google.com/youtube/v3/docs/search/list#q),
as in `boating|sailing -fishing`. Inferred, not documented: words stand together by "and", `|` binds closer than
that, and quoted words stand next to each other. Case, diacritics and English endings make no difference.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from video_index.words import stems, words, words_of_fields

_CURLY_QUOTES = str.maketrans("“”„", '"""')
_PART = re.compile(
    r"""(?P<minus>(?<![^\s|])-)?        # an exclusion starts after a space
        (?: "(?P<phrase>[^"]*)"?        # a phrase, also one that is not closed
          | (?P<word>[^\s"|]+) )        # or what stands between spaces
      | (?P<or>\|)
    """,
    re.VERBOSE,
)

Words = tuple[str, ...]
"""Stems that stand next to each other, in this order."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Fits a text with one of each of `wanted`, and none of `excluded`."""

    wanted: tuple[tuple[Words, ...], ...]
    excluded: tuple[Words, ...]

    @classmethod
    def of(cls, query: str) -> Self:
        """The matcher of a query; one without any word fits every text."""
        wanted: list[list[Words]] = []
        excluded: list[Words] = []
        joined = False
        for part in _PART.finditer(query.translate(_CURLY_QUOTES)):
            if part["or"]:
                joined = bool(wanted)
                continue
            found = tuple(stems(words(part["word"] if part["phrase"] is None else part["phrase"])))
            if not found:
                continue
            if part["minus"]:
                excluded.append(found)
            elif joined:
                wanted[-1].append(found)
            else:
                wanted.append([found])
            joined = False
        return cls(tuple(tuple(alternatives) for alternatives in wanted), tuple(excluded))

    def matches(self, *texts: str) -> bool:
        """Whether the texts of a video (title, description, channel, tags) fit."""
        stand = stems(words_of_fields(texts))
        return all(any(_stands(each, stand) for each in alternatives) for alternatives in self.wanted) and not any(
            _stands(each, stand) for each in self.excluded
        )


def _stands(wanted: Words, stand: Sequence[str]) -> bool:
    first, length = wanted[0], len(wanted)
    return any(word == first and tuple(stand[place : place + length]) == wanted for place, word in enumerate(stand))
