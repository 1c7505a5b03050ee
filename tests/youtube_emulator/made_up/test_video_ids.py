import pytest
from hypothesis import given
from hypothesis import strategies as st

from youtube_emulator.made_up.video_ids import decode_id, encode_id


@given(st.integers(0, 2**63), st.integers(0, 2**31))
def test_a_number_can_be_told_from_its_id(number: int, seed: int):
    video_id = encode_id(number, seed)

    assert len(video_id) == 11
    assert decode_id(video_id, seed) == number


@pytest.mark.parametrize("text", ["", "short", "x" * 12, "é" * 11, "!!!!!!!!!!!"])
def test_other_texts_are_no_ids(text: str):
    assert decode_id(text, 1) is None
