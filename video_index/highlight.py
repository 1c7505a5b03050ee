"""Marks the words of a question in a text. The same for every engine, since it needs none."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from video_index.question import Question, TextField
from video_index.words import stems, words

MAX_FRAGMENT = 240
"""Characters of a description that are shown around its first mark."""

_FIELDS: dict[str, TextField] = {"title": "title", "channel_title": "channel", "description": "all"}
_CHUNK = regex.compile(r"[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}")

_Span = tuple[int, int]
_Place = tuple[str, int, int]
"""A folded word, and where it begins and ends."""


class Highlighter:
    """Marks the words of one question."""

    def __init__(self, question: Question) -> None:
        self._sought = {name: _sought(question, field) for name, field in _FIELDS.items()}

    def highlights(self, document: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a video in which the words stand, as HTML with `<mark>`; everything else is escaped.

        Gives `title`, `channel_title` and `description`, each only where a word is marked. What is asked of one field
        is marked in no other.
        """
        marked = {name: _mark(document[name], sought) for name, sought in self._sought.items()}
        return {name: text for name, text in marked.items() if text is not None}


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is marked in a field. `first` are the stems that something to mark can begin with."""

    single: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    beginnings: tuple[str, ...]
    first: frozenset[str]

    def may_be_in(self, found: list[str], stemmed: list[str]) -> bool:
        """Whether something to mark may be among these words, which is quickly told of most texts."""
        if not self.first.isdisjoint(stemmed):
            return True
        text = f" {' '.join(found)}" if self.beginnings else ""
        return any(f" {beginning}" in text for beginning in self.beginnings)


def _sought(question: Question, field: TextField) -> _Sought:
    terms = [term for term in question.terms if term.field in ("all", field)]
    return _Sought(
        single=frozenset(term.stems[0] for term in terms if len(term.stems) == 1),
        phrases=tuple(term.stems for term in terms if len(term.stems) > 1),
        beginnings=tuple(term.words[0] for term in terms if term.unfinished),
        first=frozenset(term.stems[0] for term in terms),
    )


def _mark(text: str, sought: _Sought) -> str | None:
    """`text` as HTML with marks, cut around the first one; None when there is none."""
    found = words(text)
    stemmed = stems(found)
    spans = _spans(text, found, stemmed, sought) if sought.may_be_in(found, stemmed) else []
    if not spans:
        return None
    start, end = _fragment(text, spans[0][0])
    parts = ["…"] if start else []
    position = start
    for span_start, span_end in spans:
        if span_start < position or span_end > end:
            continue
        parts += (
            html.escape(text[position:span_start]),
            "<mark>",
            html.escape(text[span_start:span_end]),
            "</mark>",
        )
        position = span_end
    parts += (html.escape(text[position:end]), "…" if end < len(text) else "")
    return "".join(parts)


def _fragment(text: str, first_mark: int) -> tuple[int, int]:
    if len(text) <= MAX_FRAGMENT:
        return 0, len(text)
    start = max(0, min(first_mark - MAX_FRAGMENT // 3, len(text) - MAX_FRAGMENT))
    return start, min(len(text), start + MAX_FRAGMENT)


def _spans(text: str, found: list[str], stemmed: list[str], sought: _Sought) -> list[_Span]:
    """Where it stands in the text, whose words are `found`, as spans of its characters in their order."""
    if text.isascii():
        places = _places(text.lower(), found)
    else:
        found_places = list(_words_with_places(text))
        places = [(start, end) for _, start, end in found_places]
        found = [word for word, _, _ in found_places]
        stemmed = stems(found)
    single, beginnings = sought.single, sought.beginnings
    spans = [
        place
        for stem, word, place in zip(stemmed, found, places, strict=True)
        if stem in single or word.startswith(beginnings)
    ]
    for phrase in sought.phrases:
        spans += _phrases(stemmed, places, phrase)
    return sorted(spans)


def _phrases(stemmed: list[str], places: list[_Span], phrase: tuple[str, ...]) -> Iterator[_Span]:
    length = len(phrase)
    for first in range(len(places) - length + 1):
        if stemmed[first] == phrase[0] and tuple(stemmed[first : first + length]) == phrase:
            yield places[first][0], places[first + length - 1][1]


def _places(lowered: str, found: list[str]) -> list[_Span]:
    """Of ASCII, every letter has its place in the folded text too, and nothing before a word looks like it."""
    places = []
    end = 0
    for word in found:
        start = lowered.find(word, end)
        end = start + len(word)
        places.append((start, end))
    return places


def _words_with_places(text: str) -> Iterator[_Place]:
    for chunk in _CHUNK.finditer(text):
        found_words = words(chunk[0])
        if len(found_words) == 1:
            yield found_words[0], chunk.start(), chunk.end()
        else:
            yield from _split_places(chunk[0], chunk.start())


def _split_places(chunk: str, offset: int) -> Iterator[_Place]:
    """The words of a chunk that holds several: characters of a script without spaces, each with its marks."""
    position = 0
    while position < len(chunk):
        end = position + 1
        while end < len(chunk) and words(chunk[position : end + 1])[:1] != words(chunk[position:end])[:1]:
            end += 1
        for word in words(chunk[position:end]):
            yield word, offset + position, offset + end
        position = end
