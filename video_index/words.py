"""What a word is. Both engines index and search exactly these words, so the same question has the same answer.

Text is folded (case, diacritics, compatibility forms), cut into words, and each word is stemmed as English
(Snowball, "Porter 2"); words of other languages pass through it nearly unchanged. Scripts written without spaces
(Han, Kana, Thai, Lao, Khmer, Burmese) give one word per character, and a run of them is searched as a phrase.
The engines only split the result at its spaces: neither one's own analysis takes part.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable

import regex
import Stemmer

BREAK = "|"
"""Stands between fields where their words are joined, so that no phrase runs from one field into the next."""

MAX_WORD = 255
"""Characters after which a word is split, as in Lucene: engines refuse documents with much longer ones."""

_UNDECOMPOSED = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
}  # fmt: skip
_UNDECOMPOSED_LETTER = re.compile(f"[{''.join(_UNDECOMPOSED)}]")

# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. The marks of other scripts carry
# meaning (Devanagari's are vowels), so they stay.
_DIACRITICS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_DIACRITIC = re.compile(f"[{_DIACRITICS}]+")

_ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(
    rf"[[{_ALONE}]&&\p{{L}}]\p{{M}}{{0,{MAX_WORD}}}"
    rf"|[[\p{{L}}\p{{N}}]--[{_ALONE}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_ALONE}]]{{0,{MAX_WORD - 1}}}"
    rf"|\p{{Extended_Pictographic}}|[{BREAK}]",
    regex.V1,
)
_PLAIN_WORD = re.compile(rf"[^\W_]{{1,{MAX_WORD}}}|[{BREAK}]")
# Below U+0590 no character is a word of its own and, once accents are gone, no mark is part of one; the two
# blocks of general punctuation and symbols hold none either, but for a few pictographs that start at U+203C.
_NEEDS_CARE = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u203c-\U0010ffff©®]")

_threads = threading.local()


def fold(text: str) -> str:
    """`text` without case, diacritics and compatibility forms: `Œuvre ÉTÉ ﬁn` becomes `oeuvre ete fin`."""
    if text.isascii():
        return text.lower()
    folded = _DIACRITIC.sub("", unicodedata.normalize("NFKD", text).casefold())
    return _UNDECOMPOSED_LETTER.sub(lambda letter: _UNDECOMPOSED[letter[0]], folded)


def words(text: str) -> list[str]:
    """The folded words of `text`, in order, not stemmed."""
    return _find(text.replace(BREAK, " "))


def words_of_fields(texts: Iterable[str]) -> list[str]:
    """The folded words of several texts, with a BREAK between one text and the next."""
    return _find(f" {BREAK} ".join(text.replace(BREAK, " ") for text in texts))


def _find(text: str) -> list[str]:
    folded = fold(text)
    pattern = _WORD if not folded.isascii() and _NEEDS_CARE.search(folded) else _PLAIN_WORD
    found: list[str] = pattern.findall(folded)
    return found


def stems(folded_words: Iterable[str]) -> list[str]:
    """The stem of each of these folded words."""
    return list(map(_stem_of.__getitem__, folded_words))


class _Stems(dict[str, str]):
    """Remembers the stems of words that came before; a plain look-up is half of what a text costs otherwise."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        # A stemmer holds a buffer of its own and must not be shared by threads.
        stemmer = getattr(_threads, "stemmer", None)
        if stemmer is None:
            stemmer = _threads.stemmer = Stemmer.Stemmer("english", 0)
        stem: str = stemmer.stemWord(word)
        self[word] = stem
        return stem


_MOST_STEMS = 65_536
_stem_of = _Stems()
