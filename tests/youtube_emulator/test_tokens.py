import pytest
from hypothesis import given
from hypothesis import strategies as st

from youtube_emulator.tokens import Place, decode, encode


@pytest.mark.parametrize(("offset", "token"), [(5, "CAUQAA"), (10, "CAoQAA"), (50, "CDIQAA")])
def test_tokens_are_those_of_youtube(offset: int, token: str):
    assert encode(Place(offset)) == token
    assert decode(token) == Place(offset)


def test_a_token_back_has_the_other_direction():
    assert encode(Place(5, backwards=True)) == "CAUQAQ"


@given(st.integers(0, 2**40), st.booleans())
def test_a_token_names_the_place_it_was_made_of(offset: int, backwards: bool):
    place = Place(offset, backwards)

    assert decode(encode(place)) == place


@given(st.text(max_size=20))
def test_any_other_text_is_refused(text: str):
    try:
        place = decode(text)
    except ValueError:
        return
    assert encode(place) == text


@pytest.mark.parametrize(
    "token", ["", "CAUQAg", "CAUQ", "CAUQAA==", "CAUQAA ", "AAAA", "CIUAEAA", "page2", "CAUQAA" * 9]
)
def test_what_youtube_never_gives_is_refused(token: str):
    with pytest.raises(ValueError, match="no page token"):
        decode(token)


def test_a_page_back_starts_a_page_earlier_but_never_before_the_first_result():
    assert Place(100, backwards=True).start(page_size=50) == 50
    assert Place(20, backwards=True).start(page_size=50) == 0
