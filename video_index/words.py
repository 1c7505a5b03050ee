"""What a word is. Both engines index and search exactly these words, so the same question has the same answer.

Text is folded (case, diacritics, compatibility forms), cut into words, and each word is stemmed as English
(Snowball, "Porter 2"); words of other languages pass through it nearly unchanged. Scripts written without spaces
(Han, Kana, Thai, Lao, Khmer, Burmese) give one word per character, and a run of them is searched as a phrase.
The engines only split the result at its spaces: neither one's own analysis takes part.
"""

import re
import threading
import unicodedata

import regex
import Stemmer

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)

# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. The marks of other scripts carry
# meaning (Devanagari's are vowels), so they stay.
_DIACRITICS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_DIACRITIC = re.compile(f"[{_DIACRITICS}]+")

_ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(
    rf"[[{_ALONE}]&&\p{{L}}]\p{{M}}*"
    rf"|[[\p{{L}}\p{{N}}]--[{_ALONE}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_ALONE}]]*"
    r"|\p{Extended_Pictographic}",
    regex.V1,
)
_PLAIN_WORD = re.compile(r"[^\W_]+")
# Below U+0590 no character is a word of its own and, once accents are gone, no mark is part of one; the two
# blocks of general punctuation and symbols hold none either, but for a few pictographs that start at U+203C.
_NEEDS_CARE = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u203c-\U0010ffff©®]")

MAX_WORD = 255
"""Characters of a word that count, as in Lucene. Engines refuse documents with words of many thousands."""

_threads = threading.local()


def fold(text: str) -> str:
    """`text` without case, diacritics and compatibility forms: `Œuvre ÉTÉ ﬁn` becomes `oeuvre ete fin`."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = _DIACRITIC.sub("", folded)
    return folded if folded.isascii() else folded.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def words(text: str) -> list[str]:
    """The folded words of `text`, in order, not stemmed."""
    folded = fold(text)
    pattern = _PLAIN_WORD if folded.isascii() or not _NEEDS_CARE.search(folded) else _WORD
    found: list[str] = pattern.findall(folded)
    if len(folded) > MAX_WORD:
        return [word[:MAX_WORD] for word in found]
    return found


def stems(folded_words: list[str]) -> list[str]:
    """The stem of each of these folded words."""
    found: list[str] = _stemmer().stemWords(folded_words)
    return found


def _stemmer() -> Stemmer.Stemmer:
    # A stemmer holds a buffer of its own and must not be shared by threads.
    stemmer = getattr(_threads, "stemmer", None)
    if stemmer is None:
        stemmer = _threads.stemmer = Stemmer.Stemmer("english")
    return stemmer
