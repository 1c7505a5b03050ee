"""The search box: typing, and what it suggests."""

from urllib.parse import parse_qs

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput

from schemas import subject_id
from tests.page.chromium import PHONE, show_as
from tests.page.library import RUST
from tests.page.reader import Reader

_TYPE = "const q = document.querySelector('#q'); q.value = 'borrow'; q.dispatchEvent(new Event('input'));"
_CHOOSE = "document.querySelector(\"#presets [value='now-30d']\").click();"


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

    assert reader.imported("address.js", "isBegun", script) == [True] * 6
    assert reader.imported("address.js", "isBegun", words) == [False] * 8

    reader.requests()
    reader.type("#q", '"')
    reader.until(lambda: not reader.one("#suggestions").is_displayed())
    reader.type("#q", "borrow checker")
    reader.until(lambda: len(reader.titles()) == 5)
    asked = [parse_qs(request.query)["q"][0] for request in reader.requests() if request.path == "/search"]
    assert '""' not in asked
    assert not reader.all("[role=alert]")


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


def test_a_suggestion_is_chosen_with_the_mouse(reader: Reader) -> None:
    reader.open()
    reader.type("#q", "compil")
    reader.until(lambda: reader.one("#suggestions [role=option]").is_displayed())

    reader.one("#suggestions [role=option]").click()

    reader.until(lambda: reader.asked() == {"q": '"Compiling live"'} and reader.titles() == ["Compiling live"])
    assert reader.focused().get_attribute("id") == "q"
    assert not reader.one("#suggestions").is_displayed()


def test_a_finger_that_moves_over_the_suggestions_chooses_none(reader: Reader) -> None:
    show_as(reader.browser, PHONE)
    reader.open()
    reader.type("#q", "kitch")
    option = reader.until(lambda: reader.one("#suggestions [role=option]"))
    finger = ActionBuilder(reader.browser, mouse=PointerInput(POINTER_TOUCH, "finger"))

    finger.pointer_action.move_to(option).pointer_down().move_by(0, 60).pointer_up()
    finger.perform()
    assert reader.asked() == {"q": "kitch"}
    assert reader.one("#suggestions").is_displayed()
    finger = ActionBuilder(reader.browser, mouse=PointerInput(POINTER_TOUCH, "finger"))
    finger.pointer_action.move_to(option).pointer_down().pointer_up()
    finger.perform()

    reader.until(lambda: "channel" in reader.asked())


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


@pytest.mark.parametrize("script", [_TYPE + _CHOOSE, _CHOOSE + _TYPE], ids=["words first", "filter first"])
def test_words_and_a_filter_given_at_the_same_moment_are_both_asked_for(reader: Reader, script: str) -> None:
    reader.open()

    reader.browser.execute_script(script)

    reader.until(lambda: reader.asked() == {"q": "borrow", "published_after": "now-30d"})
    reader.until(lambda: reader.text("#summary").startswith("0 videos"))
    assert reader.one("#q").get_attribute("value") == "borrow"


def test_a_word_that_is_only_begun_stays_when_a_filter_is_chosen(reader: Reader) -> None:
    reader.open()
    reader.type("#q", "-")

    reader.press(RUST, "#subject-choices")

    reader.until(lambda: reader.asked() == {"subject": subject_id(RUST)})
    assert reader.one("#q").get_attribute("value") == "-"


def test_words_that_were_not_asked_for_yet_do_not_come_back(reader: Reader) -> None:
    reader.open(q="zzzzzz")
    reader.button("Clear the words", ".empty")

    reader.browser.execute_script(_TYPE + "document.querySelector('.empty button').click();")
    reader.until(lambda: reader.asked() == {} and len(reader.titles()) == 20)
    assert reader.one("#q").get_attribute("value") == ""
    reader.browser.execute_script(_TYPE + "history.back();")

    reader.until(lambda: reader.asked() == {"q": "zzzzzz"})
    assert reader.one("#q").get_attribute("value") == "zzzzzz"
