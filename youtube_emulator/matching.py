"""Which videos a `q` finds.

`rust async`        both words, anywhere: title, whole description, channel title or tags
`"live coding"`     these words next to each other, within one of these
`-tutorial`         not the videos with this word; `-"live coding"` not those with the phrase
`boat|fishing`      either, also written `boat | fishing`; binds closer than a space: `a b|c` is a and (b or c)

Words are whole words, and neither case nor accents count (see words.py). What has several words without a space
between them, such as `rock'n'roll` or 料理, is searched as a phrase. A quote that is not closed counts as a space.
Where nothing is left to look for, every video is found. YouTube documents `-` and `|`; that all words are wanted
is stricter than YouTube, which also shows what is merely related.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from youtube_emulator.words import needle, words

_CURLY_QUOTES = str.maketrans("“”„", '"""')
_TOKEN = re.compile(
    r"""(?P<bar>\|)
      | (?P<minus>(?<![^\s|])-)?          # an exclusion starts a term
        (?: "(?P<phrase>[^"]*)" | (?P<word>[^\s"|]+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words next to each other, in this order; with `excluded`, their absence."""

    words: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What to find: of each group, at least one term has to hold."""

    groups: tuple[tuple[Term, ...], ...] = ()


@lru_cache(maxsize=1000)
def parse_question(text: str) -> Question:
    """The question that a `q` asks. Every text is one."""
    groups: list[tuple[Term, ...]] = []
    joined = False
    for term in _terms(text.translate(_CURLY_QUOTES)):
        if term is None:
            joined = bool(groups)
        elif joined:
            groups[-1] += (term,)
            joined = False
        else:
            groups.append((term,))
    return Question(tuple(groups))


def matches(question: Question, text: str) -> bool:
    """Whether the search text of a video (`words.search_text`) holds what is asked for."""
    return all(any((needle(term.words) in text) is not term.excluded for term in group) for group in question.groups)


def _terms(text: str) -> Iterator[Term | None]:
    """The terms, and None for each bar."""
    for token in _TOKEN.finditer(text):
        if token["bar"]:
            yield None
        elif found := words(token["word"] if token["phrase"] is None else token["phrase"]):
            yield Term(found, excluded=token["minus"] is not None)
