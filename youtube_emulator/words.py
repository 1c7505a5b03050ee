"""What a word is. A video is found by its words, and so is what is asked for.

Text is folded: case, compatibility forms and the accents of Latin, Greek and Cyrillic make no difference, nor do
the vowel points of Hebrew and Arabic. What remains is cut into runs of letters and digits. In scripts that are
written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) each character is a word, so that a run of them is
found inside of a longer one; so is each pictograph.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import regex

FIELD_BREAK = "\n"
"""Stands between the fields of a search text: no phrase runs over it."""

_LETTERS_WITHOUT_ACCENT = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(
    rf"[[\p{{L}}\p{{N}}]&&[{_SPACELESS}]]\p{{M}}*"
    rf"|[[\p{{L}}\p{{N}}]--[{_SPACELESS}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_SPACELESS}]]*"
    r"|\p{Extended_Pictographic}",
    regex.V1,
)


def fold(text: str) -> str:
    """`text` without case, accents and compatibility forms: `ÉTÉ` becomes `ete`."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare.casefold()).translate(_LETTERS_WITHOUT_ACCENT)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in their order."""
    folded = fold(text)
    return tuple(_ASCII_WORD.findall(folded) if folded.isascii() else _WORD.findall(folded))


recurring_words = lru_cache(maxsize=50_000)(words)
"""As `words`, for texts that come again and again, such as tags."""


def search_text(fields: Iterable[Iterable[str]]) -> str:
    """The words of all fields in one text in which words stand between spaces and fields between breaks."""
    return FIELD_BREAK.join(f" {' '.join(field)} " for field in fields)


def needle(term: Iterable[str]) -> str:
    """What to look for in a search text to find the words of `term` next to each other in one field."""
    return f" {' '.join(term)} "
