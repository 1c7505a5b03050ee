import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.youtube_emulator.setting import video
from youtube_emulator.matching import Question, matches, parse_question
from youtube_emulator.video import text_of

FISHING = video(
    1,
    title="Fishing by the Café",
    description="We went out.\nLive, coding nothing.",
    channel_title="Two Boats & Co",
    tags=("night sea", "日本料理"),
)


def finds(query: str) -> bool:
    return matches(parse_question(query), text_of(FISHING))


@pytest.mark.parametrize(
    "query",
    [
        "fishing",
        "CAFE fishing",
        "boats sea went",  # channel, tag, description
        '"fishing by"',
        '"FISHING, by the cafe!"',
        "“fishing by”",
        "fishing -boat",
        'fishing -"by fishing"',
        "golf|fishing",
        "golf | fishing",
        "cafe golf|fishing",
        'golf|"night sea"',
        "golf|-tennis",
        "料理",
        "live-coding",
        "",
        "!!!",
        '"',
        "-",
        '"fishing',
        "|fishing|",
    ],
)
def test_the_video_is_found(query: str):
    assert finds(query)


@pytest.mark.parametrize(
    "query",
    [
        "fish",  # whole words only
        "fishing golf",
        "-fishing",
        "fishing -boats",
        'fishing -"two boats"',
        '"by fishing"',
        '"cafe we"',  # not over the border of two fields
        "golf|tennis",
        "golf cafe|fishing",
        "-fishing|golf",
        "理料",
    ],
)
def test_the_video_is_not_found(query: str):
    assert not finds(query)


@given(st.text(alphabet='ab|-" é料,', max_size=30))
def test_every_text_is_a_question(query: str):
    question = parse_question(query)

    assert all(term.words for group in question.groups for term in group)
    assert matches(Question(), "")
