"""Misspelt words of a question, and what they are replaced with: the same on every engine."""

from collections.abc import Mapping
from typing import Literal

import regex

from schemas import Video
from video_index.clauses import AllOf, Clause, Fuzzy, Not, Phrase, Prefix, WholeWord
from video_index.document import derive
from video_index.engine import Engine
from video_index.errors import QuestionError
from video_index.plan import Plan
from video_index.question import MAX_LENGTH, Question, parse_question, rewrite_wanted
from video_index.words import stems, words

_SHORTEST = 4
"""Letters. Shorter words are near to too many others."""

_SHORTEST_FOR_TWO = 8
"""Letters from which on two edits are looked for."""

_MOST = 10
"""Words. A question with more of them that occur nowhere is not misspelt but about something else."""

_READ = 20
"""Documents a round of looking for words; each round leaves out those that hold a word found before."""

_ROUNDS = 8

_RUN = regex.compile(r"[\p{L}\p{N}\p{M}]+")


def respelled(engine: Engine, text: str) -> str | None:
    """See `VideoIndex.respell`."""
    question = parse_question(text)
    misspelt = _misspelt(engine, question)
    if len(misspelt) > _MOST:
        return None
    closest = {word: _closest(engine, word) for word in misspelt}
    instead = {word: better for word, better in closest.items() if better is not None}
    used = _replaced(text, instead)
    # Words that are written together with those of another script stay.
    if used == text or len(used) > MAX_LENGTH or not _is_same_but_for_words(used, question):
        return None
    return used


def are_close(one: str, other: str, edits: int) -> bool:
    """Whether so many edits make one word the other: a letter put in, left out, replaced, or two exchanged."""
    if abs(len(one) - len(other)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, against in enumerate(other, 1):
            distance = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                distance = min(distance, before[j - 2] + 1)
            row.append(distance)
        before = above
    return row[-1] <= edits


def _misspelt(engine: Engine, question: Question) -> list[str]:
    """The wanted words that are long enough to tell, and occur nowhere."""
    wanted = {word: term.unfinished for term in question.terms for word in term.words if len(word) >= _SHORTEST}
    unknown = _of_none(engine, {word: Phrase("all", tuple(stems((word,)))) for word in wanted})
    unfinished = [word for word in unknown if wanted[word]]
    begin_nothing = _of_none(engine, {word: Prefix("whole", word) for word in unfinished})
    return [word for word in unknown if word not in unfinished or word in begin_nothing]


def _of_none(engine: Engine, clauses: Mapping[str, Clause]) -> list[str]:
    """The words whose clause no document meets."""
    counts = engine.counts(list(clauses.values()))
    return [word for word, count in zip(clauses, counts, strict=True) if not count]


def _closest(engine: Engine, word: str) -> str | None:
    near = _near(engine, word, 1)
    if not near and len(word) >= _SHORTEST_FOR_TWO:
        near = _near(engine, word, 2)
    if len(near) < 2:
        return next(iter(near), None)
    candidates = sorted(near)
    counts = engine.counts([WholeWord("whole", each) for each in candidates])
    return max(zip(counts, candidates, strict=True), key=lambda pair: pair[0])[1]


def _near(engine: Engine, word: str, edits: Literal[1, 2]) -> set[str]:
    """Words that occur so many edits away, gathered from documents: engines tell documents alike, but not words."""
    near: set[str] = set()
    for _ in range(_ROUNDS):
        others = AllOf((Fuzzy(word, edits), *(Not(WholeWord("whole", each)) for each in sorted(near))))
        hits = engine.page(Plan(others), None, 0, _READ, counted=False).hits
        for _, document in hits:
            near |= {each for each in _words(document) if are_close(each, word, edits)}
        if len(hits) < _READ:
            break
    return near


def _words(document: Mapping[str, object]) -> list[str]:
    return derive(Video.model_validate(document)).whole.split()


def _is_same_but_for_words(text: str, question: Question) -> bool:
    """Whether `text` asks in the same way: a word such as `xtitle` before a colon may have become a field."""
    try:
        return _shape(parse_question(text)) == _shape(question)
    except QuestionError:
        return False


def _shape(question: Question) -> object:
    groups = [[(term.field, len(term.words), term.unfinished) for term in group] for group in question.wanted]
    return groups, question.excluded


def _replaced(text: str, instead: Mapping[str, str]) -> str:
    def better(run: regex.Match[str]) -> str:
        folded = words(run[0])
        return instead.get(folded[0], run[0]) if len(folded) == 1 else run[0]

    return rewrite_wanted(text, lambda term: _RUN.sub(better, term))
