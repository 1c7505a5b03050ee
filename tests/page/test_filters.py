"""Filters beside the results: by date, order, length, broadcast, subject and channel."""

from typing import Any

import pytest
from selenium.webdriver import Keys

from schemas import subject_id
from tests.page.conftest import Visit
from tests.page.library import arrive, follow, plain_video, street_food, tell
from tests.page.reader import Reader


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
    assert reader.imported("moments.js", "secondsOf", script) == [300, 3723, 86400, 300, None, None, None]


def test_a_refused_filter_can_be_cleared(reader: Reader) -> None:
    reader.open(q="borrow", min_duration="long")
    assert "over long" in reader.text("#chips")
    assert "min_duration" in reader.text("[role=alert]")
    assert not [each for each in reader.all("button") if each.text == "Try again"]
    assert not reader.text("#take")

    reader.press("Clear the filters", "[role=alert]")

    reader.until(lambda: reader.asked() == {"q": "borrow"} and len(reader.titles()) == 5)
    assert "CSV" in reader.text("#take")
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


_CHOICES = """
return [...document.querySelectorAll(".choices button:not(.all)")].map((button) => {
  const [name, number] = [...button.children].map((each) => each.getBoundingClientRect());
  return {
    number: button.lastChild.textContent, lines: [name, number].map(({ height }) => Math.round(height / 20)),
    left: name.left, width: name.width, isInside: number.right <= button.getBoundingClientRect().right,
  };
});
"""


def _choices(reader: Reader) -> list[dict[str, Any]]:
    """The subjects and channels to choose from: how many lines name and number take, and where the name is."""
    return reader.browser.execute_script(_CHOICES)


@pytest.mark.parametrize("name", ["W" * 100, "Uploads of " + "W" * 24, "ש" * 100], ids=["long", "an id", "Hebrew"])
def test_a_number_stays_whole_beside_any_name(visit: Visit, name: str) -> None:
    reader, service = visit()
    follow(service, name)
    subject = {"subjects": (subject_id(name),)}
    arrive(service, *(plain_video(f"one-{number}", "Bread", channel_title=name, **subject) for number in range(12)))
    tell(service, subjects=(street_food(id=subject_id(name), query=name, new=1_234_567),))
    reader.open()
    reader.until(lambda: [each["number"] for each in _choices(reader)] == ["12", "12"])

    for choice in _choices(reader):
        assert choice["lines"][0] > 1
        assert choice["lines"][1] == 1
        assert choice["isInside"]
    reader.press("Subjects")
    reader.until(lambda: reader.text(".row .number") == "1,234,567 found")
    assert reader.one(".row .number").rect["height"] < 30


@pytest.mark.parametrize("name", ["خبز", "Bread"])
def test_names_begin_at_the_side_that_they_are_read_from(visit: Visit, name: str) -> None:
    reader, service = visit()
    for query in (name, f"{name} " * 20):
        follow(service, query)
    reader.open()
    reader.until(lambda: [each["number"] for each in _choices(reader)] == ["0", "0"])

    short, long = sorted(_choices(reader), key=lambda each: each["lines"])

    assert (short["left"], short["width"]) == (long["left"], long["width"])
    assert short["lines"][0] < long["lines"][0]


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


def test_a_time_is_chosen_with_one_press(reader: Reader) -> None:
    reader.open(q="bread", published_before="2026-03-09")
    reader.until(lambda: reader.text("#summary").startswith("47 videos"))

    reader.press("Any time", "#presets")
    reader.until(lambda: reader.asked() == {"q": "bread"} and len(reader.titles()) == 20)
    reader.press("7 days", "#presets")

    reader.until(lambda: reader.asked() == {"q": "bread", "published_after": "now-7d"})
    assert [each.text for each in reader.all("#presets [aria-pressed=true]")] == ["7 days"]
    reader.until(lambda: "last 7 days" in reader.text("#chips"))


def test_a_date_is_typed_and_its_unfinished_year_is_not_asked_for(reader: Reader) -> None:
    reader.open(q="bread")
    reader.browser.execute_script("document.querySelector('[name=to]').focus()")

    # The third of March in whatever order the browser's language has.
    for key in "03032026":
        reader.keys(key)

    reader.until(lambda: reader.asked() == {"q": "bread", "published_before": "2026-03-03T22:59:59Z"})
    reader.until(lambda: reader.text("#summary").startswith("0 videos"))
    assert reader.one("[name=to]").get_attribute("value") == "2026-03-03"


def test_a_date_long_ago_has_a_timeline_as_well(reader: Reader) -> None:
    reader.open(published_after="0002-11-24")

    reader.until(lambda: reader.all("rect.in"))
