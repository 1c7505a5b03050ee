"""The API's documentation, as somebody without a network sees it."""

import pytest
from selenium.webdriver import Chrome, Keys

from tests.page.axe import violations
from tests.page.chromium import PHONE, WIDE, show_as
from tests.page.reader import Reader
from tests.page.running import Running


@pytest.fixture
def docs(chromium: Chrome, library: Running) -> Reader:
    """Somebody who is at the page."""
    show_as(chromium)
    reader = Reader(chromium, library.url)
    reader.requests()
    chromium.get(f"{library.url}/docs")
    return reader


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, (320, 640)], ids=["wide", "phone", "narrow"])
def test_it_can_be_read_by_all(docs: Reader, axe: str, size: tuple[int, int], *, dark: bool) -> None:
    show_as(docs.browser, size, dark=dark)

    assert violations(docs.browser, axe) == []
    assert docs.browser.execute_script("return document.documentElement.scrollWidth") <= size[0]


def test_it_asks_nobody_else_and_nothing_is_missing(docs: Reader, library: Running) -> None:
    assert {request.netloc for request in docs.requests()} == {library.url.removeprefix("http://")}
    assert docs.errors() == []
    assert docs.one("body").value_of_css_property("font-family").startswith("system-ui"), "its style is there"


def test_its_contents_lead_to_each_part(docs: Reader) -> None:
    links = docs.all("nav a[href^='#']")

    assert [link.text for link in links] == [heading.text for heading in docs.all("h2")]
    for link in links:
        link.click()
        assert docs.browser.execute_script("return document.querySelector(':target h2').textContent") == link.text


def test_an_answer_is_opened_with_the_keyboard(docs: Reader) -> None:
    answer = docs.one("details pre")
    assert not answer.is_displayed()

    docs.one("summary").send_keys(Keys.ENTER)

    assert answer.is_displayed()
    assert '"items"' in answer.text
