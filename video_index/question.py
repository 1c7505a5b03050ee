"""The query language of `q`, parsed.

`rust async`       videos with both words, anywhere in title, channel, description or tags
`rust asy`         the last word also matches as the beginning of a word
`"live coding"`    the words next to each other, in this order
`-tutorial`        not the videos with this word; `-"live coding"` not those with the phrase
`rust OR zig`      one of the two; `rust | zig` too. Binds closer than a space: `live rust OR zig` has "live" and one
`title:rust`       the word in the title; `channel:rust` in the channel's; phrases and exclusions too: `-title:"a b"`

Case, diacritics and English endings make no difference. An `OR` that joins nothing says nothing. Anything else in
the text is punctuation.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from schemas import CONTROL_CHARACTER
from video_index.errors import QuestionError
from video_index.words import stems, words

MAX_LENGTH = 500
MAX_TERMS = 50

TextField: TypeAlias = Literal["title", "channel", "all"]
"""Where words stand: in the title, the channel's title, or title, channel, description and tags."""

_FIELDS: dict[str, Literal["title", "channel"]] = {"title": "title", "channel": "channel"}
_CURLY_QUOTES = str.maketrans("“”„", '"""')
_TERM = re.compile(
    r"""(?P<or>(?: \s* (?: \| | (?<![^\s|])OR(?![^\s|]) ))+)
      | (?P<minus>(?<!\S)-)?          # an exclusion starts after a space
        (?: (?P<field>(?i:title|channel)): )?
        (?: "(?P<phrase>[^"]*)"       # a phrase
          | (?P<word>[^\s"|]+) )      # or what stands between spaces
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other in a field, in this order: one word, or a phrase. At least one.

    `words` are folded, `stems` is what is searched for. `unfinished` is set for a last word, which also matches as
    the beginning of a word.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    field: TextField = "all"
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What to find: of each group of `wanted` some term, none of `excluded`. One of the two holds something."""

    wanted: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> Iterator[Term]:
        """The wanted terms, in the order of the text."""
        return (term for group in self.wanted for term in group)


def parse_question(text: str) -> Question:
    """The question that `text` asks. Raises QuestionError with what is wrong and what is accepted."""
    _refuse_unusable(text)
    text = text.translate(_CURLY_QUOTES)
    if text.count('"') % 2:
        raise QuestionError(
            f"the quote at character {text.rindex(chr(34)) + 1} is not closed: close it or leave it out"
        )
    parts = list(_parts(text))
    wanted = _groups(parts)
    excluded = tuple(part.term for part in parts if part.term is not None and part.is_excluded)
    _refuse_count(sum(map(len, wanted)) + len(excluded))
    return Question(wanted, excluded)


def rewrite_wanted(text: str, rewrite: Callable[[str], str]) -> str:
    """`text` with each wanted word, or run of words, as `rewrite` gives it; exclusions, fields and signs stay."""
    written, behind = [], 0
    for match in _TERM.finditer(text.translate(_CURLY_QUOTES)):
        if match["or"] or match["minus"]:
            continue
        start, end = match.span("word" if match["phrase"] is None else "phrase")
        written += [text[behind:start], rewrite(text[start:end])]
        behind = end
    return "".join([*written, text[behind:]])


@dataclass(frozen=True, slots=True)
class _Part:
    """A term, or without one an `OR`."""

    term: Term | None
    is_excluded: bool = False


def _parts(text: str) -> Iterator[_Part]:
    """What the text consists of; punctuation is left out."""
    for match in _TERM.finditer(text):
        if match["or"]:
            yield _Part(None)
        elif folded := words(match["phrase"] if match["phrase"] is not None else match["word"]):
            may_be_unfinished = match["word"] is not None and not match["minus"] and len(folded) == 1
            field: TextField = _FIELDS[match["field"].lower()] if match["field"] else "all"
            term = Term(tuple(folded), tuple(stems(folded)), field, may_be_unfinished)
            yield _Part(term, bool(match["minus"]))


def _groups(parts: Sequence[_Part]) -> tuple[tuple[Term, ...], ...]:
    """The wanted terms; those on the two sides of an `OR` together. Only the last part stays unfinished."""
    groups: list[list[Term]] = []
    for number, part in enumerate(parts):
        if part.term is None or part.is_excluded:
            continue
        term = part.term if number == len(parts) - 1 else replace(part.term, unfinished=False)
        if _joins(parts, number - 1):
            groups[-1].append(term)
        else:
            groups.append([term])
    return tuple(map(tuple, groups))


def _joins(parts: Sequence[_Part], number: int) -> bool:
    """Whether this part is an `OR` behind a wanted term."""
    if number < 1 or parts[number].term is not None:
        return False
    before = parts[number - 1]
    return before.term is not None and not before.is_excluded


def _refuse_unusable(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise QuestionError(f"{len(text)} characters: at most {MAX_LENGTH} are accepted")
    control = CONTROL_CHARACTER.search(text)
    if control:
        raise QuestionError(
            f"control character U+{ord(control[0]):04X} at character {control.start() + 1}: "
            "only printable text is accepted"
        )


def _refuse_count(terms: int) -> None:
    if not terms:
        raise QuestionError("no word to search for: letters, digits or emoji are accepted")
    if terms > MAX_TERMS:
        raise QuestionError(f"{terms} words and phrases: at most {MAX_TERMS} are accepted")
