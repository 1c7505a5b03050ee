"""The query language of `q`, parsed.

`rust async`     videos with both words, anywhere in title, channel, description or tags
`rust asy`       the last word also matches as the beginning of a word
`"live coding"`  the words next to each other, in this order
`-tutorial`      not the videos with this word; `-"live coding"` not those with the phrase

Case, diacritics and English endings make no difference. Anything else in the text is punctuation.
"""

import re
from dataclasses import dataclass

from video_index.errors import QuestionError
from video_index.words import stems, words

MAX_LENGTH = 500
MAX_TERMS = 50

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CURLY_QUOTES = str.maketrans("“”„", '"""')
_TERM = re.compile(
    r"""(?P<minus>(?<!\S)-)?          # an exclusion starts after a space
        (?: "(?P<phrase>[^"]*)"       # a phrase
          | (?P<word>[^\s"]+) )       # or what stands between spaces
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other, in this order: one word, or a phrase. At least one.

    `stems` is what is searched for. `prefix` is set for a last word that may be unfinished: the folded word as
    it was typed, which also matches as the beginning of a word.
    """

    stems: tuple[str, ...]
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What to find: every term of `wanted`, none of `excluded`. One of the two holds something."""

    wanted: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()


def parse_question(text: str) -> Question:
    """The question that `text` asks. Raises QuestionError with what is wrong and what is accepted."""
    _refuse_unusable(text)
    text = text.translate(_CURLY_QUOTES)
    if text.count('"') % 2:
        raise QuestionError(
            f"the quote at character {text.rindex(chr(34)) + 1} is not closed: close it or leave it out"
        )
    wanted: list[Term] = []
    excluded: list[Term] = []
    last_is_open = False
    for match in _TERM.finditer(text):
        folded = words(match["phrase"] if match["phrase"] is not None else match["word"])
        if not folded:
            continue
        last_is_open = match["word"] is not None and match["minus"] is None and len(folded) == 1
        (excluded if match["minus"] else wanted).append(
            Term(stems=tuple(stems(folded)), prefix=folded[0] if last_is_open else None)
        )
    if not wanted and not excluded:
        raise QuestionError("no word to search for: letters, digits or emoji are accepted")
    if len(wanted) + len(excluded) > MAX_TERMS:
        raise QuestionError(f"{len(wanted) + len(excluded)} words and phrases: at most {MAX_TERMS} are accepted")
    return Question(_only_last_open(wanted, keep_last=last_is_open), tuple(excluded))


def _refuse_unusable(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise QuestionError(f"{len(text)} characters: at most {MAX_LENGTH} are accepted")
    control = _CONTROL.search(text)
    if control:
        raise QuestionError(
            f"control character U+{ord(control[0]):04X} at character {control.start() + 1}: "
            "only printable text is accepted"
        )


def _only_last_open(terms: list[Term], *, keep_last: bool) -> tuple[Term, ...]:
    closed = [Term(term.stems) for term in terms]
    if keep_last:
        closed[-1] = terms[-1]
    return tuple(closed)
