"""One video of the results: text of any script, and its picture."""

from datetime import timedelta

import pytest

from schemas import utc_now
from tests.page.chromium import PHONE, WIDE, show_as
from tests.page.conftest import Visit
from tests.page.library import arrive, plain_video
from tests.page.reader import Reader

_LATER = (
    "const now = Date.now; Date.now = () => now() + 3 * 3600e3; document.dispatchEvent(new Event('visibilitychange'))"
)

_LINES = """
const range = document.createRange();
range.selectNodeContents(document.querySelector(arguments[0]));
const lines = new Map();
for (const { top, left, right } of range.getClientRects()) {
  const line = lines.get(Math.round(top)) ?? [left, right];
  lines.set(Math.round(top), [Math.min(left, line[0]), Math.max(right, line[1])]);
}
return [...lines.values()];
"""

_PICTURES_ARRIVE = """
const picture = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='320' height='180'/>";
const set = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  const isThumbnail = name === "src" && value.startsWith("https://i.ytimg.com/");
  set.call(this, name, isThumbnail ? picture : value);
};
"""
"""As if what cannot be had here came from the network."""


def _lines(reader: Reader, css: str) -> list[tuple[float, float]]:
    """Where each line of a text begins and ends, from the left edge of the screen."""
    return [(left, right) for left, right in reader.browser.execute_script(_LINES, css)]


@pytest.mark.parametrize("css", [".title", ".description"])
@pytest.mark.parametrize("title", ["طريقة عمل الخبز العربي ", "איך מכינים לחם ביתי טעים "], ids=["Arabic", "Hebrew"])
def test_what_is_read_from_the_right_begins_at_the_right(visit: Visit, title: str, css: str) -> None:
    reader, service = visit()
    arrive(service, plain_video("rtl", title * 7, description=title * 7))
    reader.open()

    assert reader.one(css).value_of_css_property("direction") == "rtl"
    lines = _lines(reader, css)

    assert len(lines) > 1
    assert max(right for _, right in lines) - min(right for _, right in lines) < 6, "a space may hang over"
    assert max(left for left, _ in lines) - min(left for left, _ in lines) > 20


@pytest.mark.parametrize(("text", "side"), [("خبز", 1), ("Bread", 0)], ids=["from the right", "from the left"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_short_title_begins_where_a_long_description_does(
    visit: Visit, size: tuple[int, int], text: str, side: int
) -> None:
    reader, service = visit()
    show_as(reader.browser, size)
    arrive(service, plain_video("one", text, description=f"{text} " * 200))
    reader.open()

    card = reader.one(".card-text").rect
    begin = card["x"] + side * card["width"]
    [title] = _lines(reader, ".title")
    assert abs(title[side] - begin) < 1
    assert size == PHONE or abs(_lines(reader, ".description")[0][side] - begin) < 6, "a space may hang over"
    channel = reader.one(".channel").rect
    assert abs(channel["x"] + side * channel["width"] - begin) < 1
    assert reader.one(".title").rect["width"] < 100, "the room beside it is no link"


def test_words_that_are_read_from_the_right_are_typed_so(reader: Reader) -> None:
    reader.open(q="خبز")
    assert reader.one("#q").value_of_css_property("direction") == "rtl"

    reader.open(q="bread")

    assert reader.one("#q").value_of_css_property("direction") == "ltr"


def test_how_long_ago_a_video_came_stays_true(visit: Visit) -> None:
    reader, service = visit()
    arrive(service, plain_video("new", "Bread of today", published_at=utc_now() - timedelta(minutes=5, seconds=20)))
    reader.open(q="bread")
    assert "5 min ago" in reader.text(".card time")

    reader.browser.execute_script(_LATER)

    reader.until(lambda: "3 hr ago" in reader.text(".card time"))


def test_a_thumbnail_that_arrives_covers_its_placeholder(reader: Reader) -> None:
    tell = reader.browser.execute_cdp_cmd
    script = tell("Page.addScriptToEvaluateOnNewDocument", {"source": _PICTURES_ARRIVE})
    try:
        reader.open(q="thumbnail cannot")
    finally:
        tell("Page.removeScriptToEvaluateOnNewDocument", script)

    picture = reader.one(".thumb img")
    reader.until(lambda: reader.browser.execute_script("return arguments[0].naturalWidth", picture) == 320)

    assert picture.rect == reader.one(".thumb").rect
    assert picture.get_attribute("alt") == "", "the title beside it says what it is of"
    assert picture.get_attribute("referrerpolicy") == "no-referrer"
    middle = "const { x, y, width, height } = arguments[0].getBoundingClientRect();"
    at = f"{middle} return document.elementFromPoint(x + width / 2, y + height / 2) === arguments[0]"
    assert reader.browser.execute_script(at, picture)
