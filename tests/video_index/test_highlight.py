import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.video_index.contract import a_video
from video_index import Highlighter, parse_question


def marked(q: str, **texts: str) -> dict[str, str]:
    document = a_video("a").model_dump() | {"title": "", "channel_title": "", "description": ""} | texts
    return Highlighter(parse_question(q)).highlights(document)


@pytest.mark.parametrize(
    ("q", "title", "expected"),
    [
        ("run", "Running, runs and ran", "<mark>Running</mark>, <mark>runs</mark> and ran"),
        ("foo", "Football foo", "<mark>Football</mark> <mark>foo</mark>"),
        ("foo ball", "Football foo", "Football <mark>foo</mark>"),
        ('"red panda"', "Red pandas, a red hat", "<mark>Red pandas</mark>, a red hat"),
        ("ete", "L'Été & <b>", "L&#x27;<mark>Été</mark> &amp; &lt;b&gt;"),
        ("東京", "東京タワー", "<mark>東京</mark>タワー"),
        ("cat OR dog", "A dog, a cat", "A <mark>dog</mark>, a <mark>cat</mark>"),
        ("cat -dog", "A dog, a cat", "A dog, a <mark>cat</mark>"),
        ("a_b", "a_b, a b", "<mark>a_b</mark>, <mark>a b</mark>"),
    ],
)
def test_what_is_marked(q: str, title: str, expected: str) -> None:
    assert marked(q, title=title) == {"title": expected}


def test_what_is_asked_of_a_field_is_marked_there_alone() -> None:
    texts = {"title": "cat", "channel_title": "cat", "description": "cat"}

    assert set(marked("title:cat", **texts)) == {"title"}
    assert set(marked("channel:cat", **texts)) == {"channel_title"}
    assert set(marked("cat", **texts)) == set(texts)


def test_a_long_text_is_cut_around_its_first_mark() -> None:
    text = marked("needle", description="hay " * 500 + "needle" + " hay" * 500)["description"]

    assert text.startswith("…")
    assert text.endswith("…")
    assert "<mark>needle</mark>" in text
    assert len(text) < 300


@given(st.text(max_size=200), st.sampled_from(["a", "a b", '"a b"', "é OR <", "script", "東", "ﬁ"]))
@settings(deadline=None)
def test_nothing_but_marks_is_html_and_the_text_stays(title: str, q: str) -> None:
    for text in marked(q, title=title, description=f"{title} a b").values():
        bare = re.sub("</?mark>", "", text)
        assert "<" not in bare
        assert html.unescape(bare) in (title, f"{title} a b")
