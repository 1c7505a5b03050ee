"""Videos in order of publication, with an index of their words: finds as `matching.matches` does, but faster."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from youtube_emulator.matching import Question, Term
from youtube_emulator.words import needle

_NOWHERE: "array[int]" = array("I")


class Shelf:
    """Knows videos by their positions: `published` holds their times, oldest first; `text_at` gives search texts.

    The index is made when it is first needed.
    """

    def __init__(self, published: Sequence[int], text_at: Callable[[int], str]) -> None:
        self.published = published
        self._text_at = text_at
        self._index: dict[str, array[int]] | None = None

    def find(self, question: Question, start: int, end: int) -> Iterable[int]:
        """The positions of the videos published from `start` to `end`, both included, newest first."""
        low, high = bisect_left(self.published, start), bisect_right(self.published, end)
        if not question.groups:
            return range(high - 1, low - 1, -1)
        if low >= high:
            return ()
        return sorted(self._candidates(question, low, high), reverse=True)

    def build_index(self) -> None:
        """Makes the index now rather than at the first search."""
        self._postings()

    def _candidates(self, question: Question, low: int, high: int) -> set[int]:
        # Groups that only name what is wanted come first: what they leave is little.
        groups = sorted(question.groups, key=lambda group: any(term.excluded for term in group))
        left: set[int] | None = None
        for group in groups:
            if left is None and not any(term.excluded for term in group):
                left = set().union(*(self._having(term, low, high) for term in group))
            else:
                left = self._of_group(group, set(range(low, high)) if left is None else left, low, high)
            if not left:
                return set()
        return left or set()

    def _of_group(self, group: tuple[Term, ...], left: set[int], low: int, high: int) -> set[int]:
        kept: set[int] = set()
        for term in group:
            having = self._having(term, low, high)
            kept |= left - having if term.excluded else left & having
        return kept

    def _having(self, term: Term, low: int, high: int) -> set[int]:
        """The positions between `low` and `high` that have the words of the term, next to each other."""
        rows = sorted((self._row(word, low, high) for word in set(term.words)), key=len)
        found = set(rows[0]).intersection(*rows[1:])
        if len(term.words) == 1:
            return found
        phrase = needle(term.words)
        return {position for position in found if phrase in self._text_at(position)}

    def _row(self, word: str, low: int, high: int) -> "array[int]":
        row = self._postings().get(word, _NOWHERE)
        return row[bisect_left(row, low) : bisect_left(row, high)]

    def _postings(self) -> "dict[str, array[int]]":
        if self._index is None:
            index: dict[str, array[int]] = {}
            for position in range(len(self.published)):
                for word in set(self._text_at(position).split()):
                    if (row := index.get(word)) is None:
                        row = index[word] = array("I")
                    row.append(position)
            self._index = index
        return self._index
