"""Somebody looks for videos."""

from typing import Any
from urllib.parse import parse_qs

import httpx2
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput

from schemas import subject_id
from tests.page.chromium import PHONE, show_as
from tests.page.library import COOKING, RUST
from tests.page.reader import Reader


def test_the_newest_are_there_at_once_with_all_that_is_told_of_them(reader: Reader) -> None:
    reader.open()

    assert reader.titles()[:2] == ["Bread of the day 0", "Bread of the day 1"]
    assert reader.text("#summary").startswith("69 videos")
    first = reader.text(".card").splitlines()
    assert first[:2] == ["1:00", "Bread of the day 0"]
    assert "Kitchen 0" in reader.text(".card")
    assert "13:00" in reader.text(".card time"), "12:00 UTC is 13:00 in Paris"
    assert reader.one(".card time").get_attribute("datetime") == "2026-03-10T12:00:00Z"
    assert "0 views" in reader.text(".card")
    reader.until(lambda: reader.text(".card .topics") == COOKING)
    assert reader.one(".card .title").get_attribute("href") == "https://www.youtube.com/watch?v=cook-00"


def test_results_follow_the_typing_and_say_why_they_match(reader: Reader) -> None:
    reader.open()

    reader.type("#q", "borrow che")

    reader.until(lambda: len(reader.titles()) == 5)
    assert [mark.text for mark in reader.all(".card .title mark")][:2] == ["Borrow", "checker"]
    assert reader.asked() == {"q": "borrow che"}
    assert reader.text("#summary").startswith("5 videos")


def test_a_quotation_that_is_being_typed_is_no_mistake(reader: Reader) -> None:
    reader.open()

    reader.type("#q", '"borrow checker')

    reader.until(lambda: len(reader.titles()) == 5)


def test_a_sign_is_not_asked_for_before_its_word(reader: Reader) -> None:
    reader.open()
    script = "return ['\"', '-', '...', 'bread -', 'bread \"', 'bread -\"'].map(isBegun)"
    words = "return ['', 'bread', '\"bread\"', '\"bread \"', 'bread -oven', 'bread \"o', '🍞', '面包'].map(isBegun)"

    assert _imported(reader, "address.js", "isBegun", script) == [True] * 6
    assert _imported(reader, "address.js", "isBegun", words) == [False] * 8

    reader.requests()
    reader.type("#q", '"')
    reader.until(lambda: not reader.one("#suggestions").is_displayed())
    reader.type("#q", "borrow checker")
    reader.until(lambda: len(reader.titles()) == 5)
    asked = [parse_qs(request.query)["q"][0] for request in reader.requests() if request.path == "/search"]
    assert '""' not in asked
    assert not reader.all("[role=alert]")


def test_back_and_forward_go_through_the_searches(reader: Reader) -> None:
    reader.open()
    reader.type("#q", "borrow", Keys.ENTER)
    reader.until(lambda: len(reader.titles()) == 5)
    reader.press(RUST, "#subject-choices")
    reader.until(lambda: reader.asked().get("subject") == subject_id(RUST))

    reader.browser.back()
    reader.until(lambda: reader.asked() == {"q": "borrow"} and len(reader.titles()) == 5)
    reader.browser.back()
    reader.until(lambda: reader.asked() == {} and len(reader.titles()) == 20)
    assert reader.one("#q").get_attribute("value") == ""
    reader.browser.forward()

    reader.until(lambda: reader.one("#q").get_attribute("value") == "borrow" and len(reader.titles()) == 5)


def test_an_address_with_filters_is_the_same_search(reader: Reader) -> None:
    reader.open(q="bread", channel="UC-kitchen-1", sort="oldest")

    assert reader.titles()[0] == "Bread of the day 58"
    assert reader.text("#summary").startswith("20 videos")
    assert "Kitchen 1" in reader.text("#chips")


def test_suggestions_are_chosen_with_the_keyboard(reader: Reader) -> None:
    reader.open()
    reader.type("#q", "kitch")
    reader.until(lambda: reader.one("#q").get_attribute("aria-expanded") == "true")
    assert reader.one("#suggestions").get_attribute("role") == "listbox"

    reader.type("#q", Keys.ARROW_UP)
    last = reader.one("#suggestions [aria-selected=true]")
    assert last.get_attribute("id") == reader.one("#q").get_attribute("aria-activedescendant")
    assert "channel" in last.text
    reader.type("#q", Keys.ENTER)

    reader.until(lambda: reader.asked().get("channel", "").startswith("UC-kitchen-"))
    assert not reader.one("#suggestions").is_displayed()
    reader.until(lambda: reader.text("#summary").startswith("20 videos"))


def test_escape_closes_the_suggestions_and_keeps_the_words(reader: Reader) -> None:
    reader.open()
    reader.type("#q", "bread")
    reader.until(lambda: reader.one("#suggestions").is_displayed())

    reader.type("#q", Keys.ESCAPE)

    assert not reader.one("#suggestions").is_displayed()
    assert reader.one("#q").get_attribute("value") == "bread"


def test_a_slash_goes_to_the_search(reader: Reader) -> None:
    reader.open()

    reader.keys("/")

    assert reader.focused().get_attribute("id") == "q"
    assert reader.focused().get_attribute("value") == ""


def test_more_are_shown_until_there_are_no_more(reader: Reader) -> None:
    reader.open(q="bread")
    shown = []

    while reader.one("#more").is_displayed():
        before = len(reader.titles())
        reader.one("#more").click()
        reader.until(lambda before=before: len(reader.titles()) > before)
        shown.append(len(reader.titles()))

    assert shown == [40, 60]
    assert len(set(reader.titles())) == 60
    assert reader.focused().text == reader.titles()[40], "the reader goes on where the new ones begin"


def test_what_is_shown_stays_when_more_cannot_be_had(reader: Reader) -> None:
    reader.open(q="bread")
    with reader.offline():
        reader.press("Show more")
        reader.until(lambda: "cannot be reached" in reader.text("#more-notice [role=alert]"))
    assert len(reader.titles()) == 20
    assert reader.text("#summary").startswith("60 videos")
    assert not reader.all(".empty")
    assert reader.focused().text == "Show more"

    reader.press("Show more")

    reader.until(lambda: len(reader.titles()) == 40)
    assert reader.focused().text == reader.titles()[20]
    assert not reader.all("[role=alert]")
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in reader.errors())


def test_filters_are_taken_away_by_their_chips(reader: Reader) -> None:
    reader.open(q="bread", live="live")
    assert reader.titles() == []

    reader.press("live now", "#chips")

    reader.until(lambda: len(reader.titles()) == 20)
    assert reader.asked() == {"q": "bread"}


def test_length_and_order_are_chosen(reader: Reader) -> None:
    reader.open(q="bread")

    reader.type("[name=duration]", "Under")
    reader.until(lambda: reader.text("#summary").startswith("3 videos"))
    reader.type("[name=sort]", "Most viewed")

    reader.until(lambda: reader.titles() == ["Bread of the day 2", "Bread of the day 1", "Bread of the day 0"])
    assert reader.asked() == {"q": "bread", "max_duration": "239", "sort": "views"}


def test_a_length_in_an_address_is_told_in_words(reader: Reader) -> None:
    reader.open(q="bread", min_duration="PT5M")

    assert "over 5 min" in reader.text("#chips")
    script = "return ['300', 'PT1H2M3S', 'P1D', 'pt5m', 'long', 'P', 'PT'].map(secondsOf)"
    assert _imported(reader, "moments.js", "secondsOf", script) == [300, 3723, 86400, 300, None, None, None]


def test_a_refused_filter_can_be_cleared(reader: Reader) -> None:
    reader.open(q="borrow", min_duration="long")
    assert "over long" in reader.text("#chips")
    assert "min_duration" in reader.text("[role=alert]")
    assert not [each for each in reader.all("button") if each.text == "Try again"]

    reader.press("Clear the filters", "[role=alert]")

    reader.until(lambda: reader.asked() == {"q": "borrow"} and len(reader.titles()) == 5)
    assert all("422" in error for error in reader.errors())


def test_refused_words_can_be_cleared(reader: Reader) -> None:
    reader.open(q="...", live="live")

    reader.press("Clear the words", "[role=alert]")

    reader.until(lambda: reader.asked() == {"live": "live"} and reader.titles() == ["Compiling live"])
    assert all("422" in error for error in reader.errors())


def test_the_keyboard_stays_at_the_filter_that_was_pressed(reader: Reader) -> None:
    reader.open(q="bread")
    reader.until(lambda: reader.button("Kitchen 1", "#channel-choices"))

    reader.button("Kitchen 1", "#channel-choices").send_keys(Keys.ENTER)

    reader.until(lambda: reader.text("#summary").startswith("20 videos"))
    assert "Kitchen 1" in reader.focused().text
    assert reader.focused().get_attribute("aria-pressed") == "true"
    reader.button("Kitchen 1", "#chips").send_keys(Keys.ENTER)
    reader.until(lambda: reader.text("#summary").startswith("60 videos"))
    assert reader.focused().get_attribute("id") == "results", "no filter is in use any more"


def test_days_are_those_of_the_readers_calendar(reader: Reader) -> None:
    reader.open(published_after="2026-03-09T23:00:00Z", published_before="2026-03-10T22:59:59Z")

    assert reader.one("[name=from]").get_attribute("value") == "2026-03-10"
    assert reader.one("[name=to]").get_attribute("value") == "2026-03-10"
    assert reader.text("#summary").startswith("14 videos"), "from midnight to one in the afternoon in Paris"


def test_a_channel_in_the_results_narrows_them(reader: Reader) -> None:
    reader.open(q="borrow")

    reader.one(".card .channel").click()

    reader.until(lambda: reader.asked() == {"q": "borrow", "channel": "UC-crab"})
    assert "Crab & friends" in reader.text("#chips")


def test_a_range_is_brushed_with_the_mouse(reader: Reader) -> None:
    reader.open(q="bread")
    plot = reader.until(lambda: reader.one(".plot").is_displayed() and reader.one(".plot"))
    width = plot.size["width"]

    drag = ActionChains(reader.browser).move_to_element_with_offset(plot, -round(width * 0.25), 0).click_and_hold()
    drag.move_by_offset(round(width * 0.25), 0).release().perform()

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


def test_a_misspelt_word_is_answered_with_what_it_may_mean(reader: Reader) -> None:
    reader.open(q="borow")

    assert "borow" in reader.text("#notice")
    assert "borrow" in reader.text("#notice")
    assert len(reader.titles()) == 5
    assert next(link.get_attribute("href") for link in reader.all(".take a")).endswith("/feed.atom?q=borrow")
    reader.until(lambda: "5 videos" in reader.text("#timeline"))


def test_nothing_matches_and_the_page_says_what_to_loosen(reader: Reader) -> None:
    reader.open(q='"water hot"', subject=subject_id(COOKING))

    assert "without the quotes" in reader.text(".empty")
    reader.press(f"Without “{COOKING}”", ".empty")

    reader.until(lambda: reader.asked() == {"q": '"water hot"'})
    reader.until(lambda: "Nothing matches" in reader.text(".empty"))
    reader.press("Clear the words", ".empty")
    reader.until(lambda: len(reader.titles()) == 20)


def test_a_search_is_taken_along_as_a_feed_and_as_a_file(reader: Reader) -> None:
    reader.open(q="borrow")

    links = [link.get_attribute("href") for link in reader.all(".take a")]

    assert links == [f"{reader.url}/feed.atom?q=borrow", f"{reader.url}/export?q=borrow&format=csv"]
    assert all(httpx2.get(link, trust_env=False).status_code == 200 for link in links)


def test_a_service_that_is_away_is_told_and_asked_again(reader: Reader) -> None:
    reader.open()
    with reader.offline():
        reader.type("#q", "borrow", Keys.ENTER)
        reader.until(lambda: "cannot be reached" in reader.text("[role=alert]"))

    reader.press("Try again", "[role=alert]")

    reader.until(lambda: len(reader.titles()) == 5)
    assert not reader.all("[role=alert]")
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in reader.errors())


def test_what_is_typed_last_is_what_is_shown(reader: Reader) -> None:
    reader.open()

    for letter in "borrow checker":
        reader.type("#q", letter)
    reader.type("#q", Keys.CONTROL, "a", Keys.NULL, "compiling")

    reader.until(lambda: reader.titles() == ["Compiling live"])
    assert reader.asked() == {"q": "compiling"}
    reader.browser.back()
    reader.until(lambda: len(reader.titles()) == 20)
    assert reader.asked() == {}, "one step back goes before the typing"


def _imported(reader: Reader, module: str, name: str, script: str) -> Any:
    """What a script gives that uses a function of a module of the page."""
    load = (
        f"const done = arguments[0]; import('/page/{module}').then(({{ {name} }}) => done((() => {{ {script} }})()))"
    )
    return reader.browser.execute_async_script(load)
