import pytest

from processor.texts import has_all_thumbnails, is_excerpt, same_words
from youtube_emulator.items import cut, thumbnails

LONG = "First line of it.\n\nThe second\tline, with a https://example.org link and 12 words. " * 9
UNBROKEN = "動画の説明" * 200


@pytest.mark.parametrize(
    ("text", "whole", "expected"),
    [
        pytest.param("A story", "A story", True, id="the same"),
        pytest.param("A story", " A\n\nstory ", True, id="the same but for white space"),
        pytest.param("", "A story", True, id="nothing"),
        pytest.param(cut(LONG), LONG, True, id="as search cuts it"),
        pytest.param(cut(UNBROKEN), UNBROKEN, True, id="cut where no words are apart"),
        pytest.param("A long sto...", "A long story", True, id="cut within a word"),
        pytest.param("A long…", "A long story", True, id="another mark"),
        pytest.param("Wait... what ...", "Wait... what is it", True, id="dots before the cut"),
        pytest.param("...", "anything", True, id="all cut off"),
        pytest.param("A story", "A story of old", False, id="a shorter text that is not cut"),
        pytest.param("Another story ...", "A story", False, id="another text, cut"),
        pytest.param("A story of old ...", "A story", False, id="more than the whole"),
        pytest.param("A story", "", False, id="something new"),
    ],
)
def test_an_excerpt_tells_nothing_new(text: str, whole: str, *, expected: bool) -> None:
    assert is_excerpt(text, whole) is expected


def test_white_space_makes_no_other_words() -> None:
    assert same_words("a  b", "a b ")
    assert not same_words("a b", "ab")


def test_a_search_has_fewer_thumbnails_than_a_lookup() -> None:
    few, many = thumbnails("vid"), thumbnails("vid", larger=True)

    assert has_all_thumbnails(many, few)
    assert not has_all_thumbnails(few, many)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, True),
        ({"default": {"url": "u"}}, True),
        ({"default": {"url": "u", "new": [{"deep": 1}]}}, True),
        ({"default": {"url": "other"}}, False),
        ({"medium": {"url": "u"}}, False),
    ],
)
def test_thumbnails_are_known_by_size_and_value(seen: dict[str, dict[str, object]], *, expected: bool) -> None:
    known = {"default": {"url": "u", "width": 120, "new": [{"deep": 1}]}}

    assert has_all_thumbnails(known, seen) is expected
