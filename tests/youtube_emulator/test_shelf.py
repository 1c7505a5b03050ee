from hypothesis import given
from hypothesis import strategies as st

from youtube_emulator.matching import matches, parse_question
from youtube_emulator.shelf import Shelf
from youtube_emulator.words import search_text

FIELDS = st.lists(st.lists(st.sampled_from("abc"), max_size=3), max_size=3)
TERMS = st.sampled_from(["a", "b", "-c", '"a b"', '-"b a"', "|", "a|b", "d", "-d"])


@given(
    texts=st.lists(FIELDS.map(search_text), max_size=12),
    query=st.lists(TERMS, max_size=5).map(" ".join),
    start=st.integers(0, 13),
    end=st.integers(0, 13),
)
def test_it_finds_what_matches_newest_first(texts: list[str], query: str, start: int, end: int):
    # given videos published at 1, 2, 3 and so on
    shelf = Shelf(range(1, len(texts) + 1), texts.__getitem__)
    question = parse_question(query)

    # when
    found = list(shelf.find(question, start, end))

    # then
    inside = [position for position in range(len(texts)) if start <= position + 1 <= end]
    assert found == [position for position in reversed(inside) if matches(question, texts[position])]
