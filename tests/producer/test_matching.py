import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.matching import Matcher

FISHING = (
    "Fishing by the Café",
    "We went out.\nLive, coding nothing.",
    "Two Boats & Co",
    "night sea",
    "日本料理",
)


@pytest.mark.parametrize(
    "query",
    [
        "fishing",
        "CAFE fishing",
        "boats sea went",  # channel, tag, description
        "boat",  # English endings
        '"fishing by"',
        '"FISHING, by the cafes!"',
        "“fishing by”",
        "fishing -golf|boat",
        'fishing -"by fishing"',
        "golf|fishing",
        "golf | fishing",
        "cafe golf|fishing",
        'golf|"night sea"',
        "golf|-tennis",
        "golf|fishing -tennis",
        "-tennis",
        "料理",
        "live-coding",
        "|fishing|",
        "golf||fishing",
    ],
)
def test_the_video_matches(query: str):
    assert Matcher.of(query).matches(*FISHING)


@pytest.mark.parametrize(
    "query",
    [
        "fisherman",
        "fishing golf",
        "-fishing",
        "-boat",
        "fishing -boats",
        'fishing -"two boats"',
        '"by fishing"',
        '"cafe we"',  # not over the border of two texts
        '"sea 日"',
        "golf|tennis",
        "golf cafe|fishing",
        "-fishing|golf",
        "golf|fishing -cafe",
        "理料",
    ],
)
def test_the_video_does_not_match(query: str):
    assert not Matcher.of(query).matches(*FISHING)


@pytest.mark.parametrize("query", ["", "   ", "!!!", '"', '""', "-", "|", "-|-", '-""', '" | "'])
def test_a_query_without_words_matches_everything(query: str):
    assert Matcher.of(query).matches(*FISHING)
    assert Matcher.of(query).matches()


def test_a_quote_that_is_not_closed_counts_as_a_space():
    assert Matcher.of('"fishing cafe').matches(*FISHING)
    assert Matcher.of('"night sea" "café').matches(*FISHING)
    assert not Matcher.of('"fishing golf').matches(*FISHING)


def test_a_video_without_texts_only_fits_what_excludes():
    assert not Matcher.of("fishing").matches()
    assert Matcher.of("-fishing").matches()
    assert Matcher.of("-fishing").matches("")


def test_a_bar_in_a_text_is_no_word():
    assert Matcher.of('"fishing boats"').matches("Fishing | boats")
    assert not Matcher.of('"fishing boats"').matches("Fishing", "boats")


@given(st.text(alphabet='abs|-"“ éß料\n\0', max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_every_text_is_a_query(query: str, texts: list[str]):
    assert isinstance(Matcher.of(query).matches(*texts), bool)


@given(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_a_video_fits_a_word_or_its_exclusion(query: str, texts: list[str]):
    word = "".join(each for each in query if each.isalnum())
    if word:
        assert Matcher.of(word).matches(*texts) is not Matcher.of(f"-{word}").matches(*texts)


@given(st.lists(st.sampled_from(["fish", "boat", '"night sea"', "-golf", "a|b", '-"x y"']), max_size=5))
def test_a_longer_query_matches_no_more(terms: list[str]):
    matches = [Matcher.of(" ".join(terms[:count])).matches(*FISHING) for count in range(len(terms) + 1)]
    assert matches == sorted(matches, reverse=True)
