"""What is searched for: one to three words of those that people would look for."""

import random
from collections.abc import Sequence
from urllib.parse import quote_plus

from benchmarks.made_up import Vocabulary
from video_index import SearchRequest, Sort, parse_question


def questions(count: int) -> list[str]:
    """So many questions, each as a text."""
    words = Vocabulary().common(400)
    chance = random.Random(2)
    return [" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))) for _ in range(count)]


def paths(texts: Sequence[str]) -> list[str]:
    """The questions as requests to the API, by turns newest first and by relevance."""
    return [f"/search?q={quote_plus(text)}&sort={_sort(number)}" for number, text in enumerate(texts)]


def requests(texts: Sequence[str]) -> list[SearchRequest]:
    """The same as requests to an index."""
    return [SearchRequest(parse_question(text), sort=_sort(number), limit=10) for number, text in enumerate(texts)]


def _sort(number: int) -> Sort:
    return Sort.RELEVANCE if number % 2 else Sort.NEWEST
