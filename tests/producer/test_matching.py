import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.matching import Matcher


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [
        ("street food", "Food of the street", True),
        ("street food", "Street art", False),
        ("street food -vlog", "Street food, a vlog", False),
        ("street food -vlog", "Street foods", True),
        ("boating|sailing -fishing", "Sailing home", True),
        ("boating | sailing", "boats", True),
        ("boating|sailing -fishing", "Sailing and fishing", False),
        ("night boating|sailing", "Boating by day", False),
        ('"live coding"', "coding live", False),
        ('"live coding"', "Live-Coding in Rust", True),
        ('-"live coding" rust', "rust live coding", False),
        ('"not closed phrase', "a not closed phrase", True),
        ("-only", "anything", True),
        ("-only", "only this", False),
        ("café", "CAFE", True),
        ("東京", "東京タワー", True),
        ("東京", "京東", False),
        ("rock'n'roll", "Rock'n'Roll!", True),
        ("well-known", "a well-known fact", True),
        ('| - "" \'', "anything", True),
        ("", "anything", True),
    ],
)
def test_what_fits_a_query(query, text, fits):
    assert Matcher.of(query).matches(text) is fits


def test_words_may_stand_in_different_texts_but_a_phrase_in_one():
    assert Matcher.of("rust async").matches("Async", "about Rust")
    assert not Matcher.of('"rust async"').matches("rust", "async")


@given(st.text(), st.text())
def test_every_text_is_a_query(query, text):
    assert Matcher.of(query).matches(text) in {True, False}


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_words_fit_the_text_they_are_from(found):
    assert Matcher.of(" ".join(found)).matches(" ".join(found))
