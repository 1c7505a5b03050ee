import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_index.spelling import are_close

WORDS = st.text("abcd", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("house", "house", 0),
        ("hose", "house", 1),
        ("housse", "house", 1),
        ("hause", "house", 1),
        ("huose", "house", 1),
        ("huosse", "house", 2),
        ("kubernetse", "kubernetes", 1),
        ("photografy", "photography", 2),
        ("", "ab", 2),
    ],
)
def test_the_fewest_edits(one: str, other: str, edits: int) -> None:
    assert are_close(one, other, edits)
    assert edits == 0 or not are_close(one, other, edits - 1)


@given(WORDS, WORDS, st.integers(0, 3))
@settings(deadline=None)
def test_it_is_the_same_both_ways(one: str, other: str, edits: int) -> None:
    assert are_close(one, other, edits) == are_close(other, one, edits)


@given(WORDS, st.data())
@settings(deadline=None)
def test_every_single_edit_is_one(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from("abcd"))
    before, after = word[:place], word[place:]

    for edited in (before + letter + after, before + after[1:], before + letter + after[1:]):
        assert are_close(word, edited, 1)
    assert are_close(word, before + after[1:2] + after[:1] + after[2:], 1)
