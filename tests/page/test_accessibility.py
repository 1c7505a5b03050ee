"""What axe-core finds in each state of the page, and what it cannot find: focus, width, motion."""

import re

import pytest
from selenium.webdriver import Keys

from tests.page.axe import violations
from tests.page.chromium import PHONE, WIDE, show_as
from tests.page.conftest import Visit
from tests.page.library import KEY, arrive, follow, plain_video, refuse_key, street_food, tell
from tests.page.reader import Reader

_SCREENS = [(WIDE, False), (WIDE, True), (PHONE, False), (PHONE, True)]
screens = pytest.mark.parametrize(("size", "dark"), _SCREENS, ids=["wide", "wide-dark", "phone", "phone-dark"])


@screens
def test_results(reader: Reader, axe: str, size: tuple[int, int], *, dark: bool) -> None:
    show_as(reader.browser, size, dark=dark)
    reader.open(q="borrow", sort="newest")

    assert violations(reader.browser, axe) == []


@screens
def test_a_marked_range_and_open_filters(reader: Reader, axe: str, size: tuple[int, int], *, dark: bool) -> None:
    show_as(reader.browser, size, dark=dark)
    reader.open(published_after="2026-03-09")
    reader.until(lambda: reader.all("rect.in"))
    if size == PHONE:
        reader.press("Filters")

    assert violations(reader.browser, axe) == []


def test_open_suggestions(reader: Reader, axe: str) -> None:
    reader.open()
    reader.type("#q", "bread")
    reader.until(lambda: reader.one("#suggestions").is_displayed())
    reader.type("#q", Keys.ARROW_DOWN)

    assert violations(reader.browser, axe) == []


@pytest.mark.parametrize("opener", ["#open-subjects", "#open-keys"])
@pytest.mark.parametrize("dark", [False, True])
def test_dialogs(reader: Reader, axe: str, opener: str, *, dark: bool) -> None:
    show_as(reader.browser, dark=dark)
    reader.open()
    reader.one(opener).click()
    reader.until(lambda: reader.all("#dialog .rows li"))

    assert violations(reader.browser, axe) == []


def test_nothing_matches(reader: Reader, axe: str) -> None:
    reader.open(q="zzzzzzzz", live="live")

    assert violations(reader.browser, axe) == []


def test_an_error(reader: Reader, axe: str) -> None:
    reader.open(published_after="no date")

    assert "published_after" in reader.text("[role=alert]")
    assert violations(reader.browser, axe) == []
    assert all("422" in error for error in reader.errors())


@screens
def test_an_empty_service(visit: Visit, axe: str, size: tuple[int, int], *, dark: bool) -> None:
    reader, _ = visit(simulated=True)
    show_as(reader.browser, size, dark=dark)
    reader.open()
    reader.button("Add a key", ".empty")

    assert violations(reader.browser, axe) == []


@screens
def test_new_videos(visit: Visit, axe: str, size: tuple[int, int], *, dark: bool) -> None:
    reader, service = visit()
    arrive(service, plain_video("live", "Bread on air", live_broadcast_content="live"))
    show_as(reader.browser, size, dark=dark)
    reader.open(q="bread")
    reader.until_listening()

    arrive(service, plain_video("new", "Bread of today"))
    reader.button("1 new video", "#fresh")
    assert violations(reader.browser, axe) == []
    reader.press("1 new video", "#fresh")
    reader.until(lambda: len(reader.titles()) == 2)
    assert violations(reader.browser, axe) == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_token(visit: Visit, axe: str, *, dark: bool) -> None:
    reader, service = visit(admin_token="certainly the right one")
    follow(service, "cooking", token="certainly the right one")
    show_as(reader.browser, dark=dark)
    reader.open()
    reader.press("Subjects")
    reader.press("Unfollow", ".row")
    reader.press("Unfollow cooking", ".row")
    reader.type("[name=token]", "a wrong one", Keys.ENTER)
    reader.until(lambda: "not the right token" in reader.text("#token-dialog"))

    assert violations(reader.browser, axe) == []
    assert all("401" in error for error in reader.errors())


@pytest.mark.parametrize("dark", [False, True])
def test_trouble(visit: Visit, axe: str, *, dark: bool) -> None:
    reader, service = visit(simulated=True)
    refuse_key(service, KEY)
    follow(service, "street food")
    tell(service, subjects=(street_food(trouble="YouTube refuses this query"),))
    show_as(reader.browser, dark=dark)
    reader.open()
    reader.until(lambda: "in trouble" in reader.text("#status") and "refused" in reader.text("#open-keys"))

    assert violations(reader.browser, axe) == []
    for opener in ("#open-subjects", "#open-keys"):
        reader.one(opener).click()
        reader.until(lambda: reader.all("#dialog .row .wrong"))
        assert violations(reader.browser, axe) == []
        reader.keys(Keys.ESCAPE)


def _lightness(reader: Reader) -> int:
    """Of the paper, from 0 to 255."""
    colour = reader.one("body").value_of_css_property("background-color")
    return max(int(part) for part in re.findall(r"\d+", colour)[:3])


def test_dark_is_dark(reader: Reader) -> None:
    reader.open()
    assert _lightness(reader) > 200

    show_as(reader.browser, dark=True)

    assert _lightness(reader) < 50


def _cut_off(reader: Reader) -> list[str]:
    """What can be seen and reaches beyond the screen to the left or right."""
    return reader.browser.execute_script(
        """const seen = (each) => each.checkVisibility() && !each.closest(".unseen, .skip");
        const isOut = ({ left, right }) => left < -0.5 || right > innerWidth + 0.5;
        return [...document.querySelectorAll("body *")].filter(seen)
          .filter((each) => isOut(each.getBoundingClientRect())).map((each) => each.outerHTML.slice(0, 100))"""
    )


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(reader: Reader, width: int) -> None:
    show_as(reader.browser, (width, 800))
    reader.open(q="bread", published_after="2026-03-09")
    reader.until(lambda: reader.all("rect.in"))
    if width < 900:
        reader.press("Filters")

    assert reader.browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert _cut_off(reader) == []
    for opener in ("#open-subjects", "#open-keys"):
        reader.one(opener).click()
        reader.until(lambda: reader.all("#dialog .rows li"))
        assert _cut_off(reader) == []
        reader.keys(Keys.ESCAPE)


def test_a_refused_key_fits_into_the_narrowest_header(visit: Visit) -> None:
    reader, service = visit()
    refuse_key(service, KEY)
    show_as(reader.browser, (320, 640))
    reader.open()

    reader.until(lambda: reader.text("#open-keys") == "Keys 1 refused")

    assert _cut_off(reader) == []
    assert reader.one(".brand").accessible_name == "topicreel: start anew"


def test_the_focus_goes_through_the_page_in_order_and_is_seen(reader: Reader) -> None:
    reader.open(q="borrow")
    seen = []

    for _ in range(6):
        reader.keys(Keys.TAB)
        focused = reader.focused()
        seen.append(focused.get_attribute("id") or focused.get_attribute("class"))
        assert focused.value_of_css_property("outline-style") == "solid"

    assert seen[:5] == ["skip", "brand", "q", "open-subjects", "open-keys"]


_RING_IS_CUT = """
const [list, button] = [document.querySelector("#filters"), document.querySelector(".choices button")];
const [around, inside] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
return inside.left - 4 < around.left || inside.right + 4 > around.left + list.clientWidth;
"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_ring_around_a_choice_that_has_the_focus_is_whole(reader: Reader, size: tuple[int, int]) -> None:
    show_as(reader.browser, size)
    reader.open()
    if size == PHONE:
        reader.press("Filters")
    reader.until(lambda: reader.all("#subject-choices button"))

    assert not reader.browser.execute_script(_RING_IS_CUT)


def test_a_dialog_takes_the_focus_and_gives_it_back(reader: Reader) -> None:
    reader.open()
    reader.one("#open-keys").send_keys(Keys.ENTER)
    assert reader.until(lambda: reader.focused().get_attribute("name") == "key")

    reader.keys(Keys.ESCAPE)

    reader.until(lambda: reader.focused().get_attribute("id") == "open-keys")


def test_who_wants_no_motion_gets_none(reader: Reader) -> None:
    show_as(reader.browser, still=True)
    reader.open()

    assert reader.one("#open-keys").value_of_css_property("transition-duration") == "0s"
