"""Somebody looks for videos."""

import httpx2
from selenium.webdriver import Keys

from schemas import subject_id
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


def test_refused_words_can_be_cleared(reader: Reader) -> None:
    reader.open(q="...", live="live")

    reader.press("Clear the words", "[role=alert]")

    reader.until(lambda: reader.asked() == {"live": "live"} and reader.titles() == ["Compiling live"])
    assert all("422" in error for error in reader.errors())


def test_a_misspelt_word_is_answered_with_what_it_may_mean(reader: Reader) -> None:
    reader.open(q="borow")

    assert "borow" in reader.text("#notice")
    assert "borrow" in reader.text("#notice")
    assert len(reader.titles()) == 5
    assert next(link.get_attribute("href") for link in reader.all(".take a")).endswith("/feed.atom?q=borrow")
    reader.until(lambda: "5 videos" in reader.one(".plot").accessible_name)


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
