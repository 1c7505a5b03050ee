import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import SubjectError, subject_id
from schemas.control import clean_query


def test_the_same_query_is_the_same_subject_whatever_its_case_and_spacing() -> None:
    assert subject_id("Rust  Programming ") == subject_id("rust programming")


def test_different_queries_are_different_subjects() -> None:
    assert subject_id("rust -game") != subject_id("rust game")
    assert subject_id("東京") != subject_id("京都")


def test_the_id_can_be_read() -> None:
    assert subject_id("Électricité de France").startswith("electricite-de-france-")


@pytest.mark.parametrize(
    ("query", "reason"),
    [("", "empty"), (" \t ", "empty"), ("x" * 201, "201 characters"), ("a\x00b", "control character")],
)
def test_what_cannot_be_followed_says_why(query: str, reason: str) -> None:
    with pytest.raises(SubjectError, match=reason):
        clean_query(query)


@given(st.text(min_size=1, max_size=100))
def test_every_query_has_a_plain_id_or_a_reason(query: str) -> None:
    try:
        found = subject_id(query)
    except SubjectError:
        return
    assert found.isascii()
    assert found == found.lower()
    assert all(character.isalnum() or character == "-" for character in found)
