"""The timeline above the results, and the brush that marks a part of it."""

import json

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput

from tests.page.chromium import PHONE, show_as
from tests.page.reader import Reader


def test_a_range_is_brushed_with_the_mouse(reader: Reader) -> None:
    reader.open(q="bread")
    plot = reader.until(lambda: reader.one(".plot").is_displayed() and reader.one(".plot"))
    width = plot.size["width"]

    whole = reader.text(".range strong")
    start = ActionChains(reader.browser).move_to_element_with_offset(plot, -round(width * 0.25), 0).click_and_hold()
    start.move_by_offset(round(width * 0.25), 0).perform()
    assert reader.text(".range strong") != whole, "what is being marked is told"
    assert reader.asked() == {"q": "bread"}
    ActionChains(reader.browser).release().perform()

    reader.until(lambda: {"published_after", "published_before"} <= reader.asked().keys())
    reader.until(lambda: 12 <= int(reader.text("#summary").split()[0]) <= 18)
    assert reader.all("rect.in")
    assert reader.all("rect.out"), "what lies around is shown as well"
    reader.press("All time")
    reader.until(lambda: reader.asked() == {"q": "bread"})


def test_a_range_is_brushed_with_a_finger(reader: Reader) -> None:
    show_as(reader.browser, PHONE)
    reader.open(q="bread")
    plot = reader.until(lambda: reader.one(".plot").is_displayed() and reader.one(".plot"))
    finger = ActionBuilder(reader.browser, mouse=PointerInput(POINTER_TOUCH, "finger"))

    finger.pointer_action.move_to(plot, -80, 0).pointer_down().move_to(plot, 0, 0).pointer_up()
    finger.perform()

    reader.until(lambda: {"published_after", "published_before"} <= reader.asked().keys())
    reader.until(lambda: 10 <= int(reader.text("#summary").split()[0]) <= 20)


def test_a_range_is_chosen_with_the_keyboard(reader: Reader) -> None:
    reader.open(q="bread")
    handle = reader.until(lambda: reader.one(".handle").is_displayed() and reader.one(".handle"))
    assert handle.get_attribute("role") == "slider"
    begin = handle.get_attribute("aria-valuetext")

    handle.send_keys(Keys.PAGE_DOWN, Keys.PAGE_UP, Keys.ARROW_RIGHT)

    assert handle.get_attribute("aria-valuetext") != begin
    reader.until(lambda: "published_after" in reader.asked())
    reader.until(lambda: int(reader.text("#summary").split()[0]) < 60)
    assert reader.focused() == handle


def test_a_range_that_another_replaces_at_once_does_not_come_back(reader: Reader) -> None:
    reader.open(q="bread")
    reader.until(lambda: reader.one(".handle").is_displayed())

    # A timer that begins later and takes as long is over later.
    reader.browser.execute_async_script(
        """const press = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
        document.querySelector(".handle").dispatchEvent(press);
        document.querySelector("#presets [value='now-30d']").click();
        setTimeout(arguments[0], 500);"""
    )

    assert reader.asked() == {"q": "bread", "published_after": "now-30d"}


def test_the_scale_has_round_times_of_the_readers_calendar(reader: Reader) -> None:
    reader.open(q="bread")

    reader.until(lambda: reader.one(".plot").is_displayed())

    # From two in the morning of the eighth to one in the afternoon of the tenth in Paris.
    assert [mark.text for mark in reader.all(".ticks span")] == ["12:00", "9 Mar", "12:00", "10 Mar"]
    plot, noon = reader.one(".plot").rect, reader.one(".ticks span").rect
    assert abs(noon["x"] + noon["width"] / 2 - plot["x"] - plot["width"] * 10 / 60) < 2
    assert "up to 1 an hour" in reader.text(".range")


_SCALES = {
    "2026-03-10T08:00 2026-03-10T09:00": ["08:15", "08:30", "08:45"],
    "2026-03-28T12:00 2026-03-30T12:00": ["29 Mar", "12:00", "30 Mar"],
    "2026-03-01 2026-03-15": ["4 Mar", "7 Mar", "10 Mar", "13 Mar"],
    "2026-03-01 2026-04-12": ["8 Mar", "15 Mar", "22 Mar", "29 Mar", "5 Apr"],
    "2025-10-20 2026-03-20": ["Nov", "Dec", "2026", "Feb", "Mar"],
    "2021-06-01 2026-06-01": ["2022", "2023", "2024", "2025", "2026"],
    "2005-02-14 2026-06-01": ["2010", "2015", "2020", "2025"],
}


@pytest.mark.parametrize("span", _SCALES, ids=list(_SCALES))
def test_a_scale_of_any_length(reader: Reader, span: str) -> None:
    begin, end = span.split()
    edges = f"[new Date('{begin}'), new Date('{end}')]"

    marks = reader.open().imported("scale.js", "scale", f"return scale({edges}).map((mark) => [+mark.at, mark.part])")
    script = f"return {json.dumps(marks)}.map(([at, part]) => tick(new Date(at), part))"

    assert reader.imported("formats.js", "tick", script) == _SCALES[span]
