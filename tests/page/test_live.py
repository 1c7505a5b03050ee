"""New videos come to a page that is open."""

from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from schemas import utc_now
from stack.ports import free_port
from tests.page.chromium import PHONE, WIDE, show_as
from tests.page.conftest import Visit
from tests.page.gate import gate
from tests.page.library import NEWEST, arrive, follow, plain_video
from tests.page.reader import Reader
from tests.page.running import running
from tests.query_api.service import Service


def test_new_videos_are_offered_and_shown_without_loading_the_page_again(visit: Visit) -> None:
    reader, service = visit()
    follow(service, "cooking")
    arrive(service, plain_video("old", "Bread of yesterday"))
    reader.open(q="bread")
    reader.browser.execute_script("window.isSamePage = true")
    reader.until_listening()

    def arrives(number: int) -> None:
        later = NEWEST + timedelta(minutes=number)
        arrive(service, plain_video(f"new-{number}", f"Bread of today {number}", published_at=later))

    arrive(service, plain_video("other", "Nothing to eat"))
    for number in range(3):
        arrives(number)

    reader.button("3 new videos", "#fresh")
    assert reader.titles() == ["Bread of yesterday"], "the list stays as it is while somebody reads it"
    reader.press("3 new videos", "#fresh")
    reader.until(lambda: reader.titles()[:2] == ["Bread of today 2", "Bread of today 1"])
    assert len(reader.titles()) == 4
    assert reader.browser.execute_script("return window.isSamePage")
    assert reader.text("#summary") == "4 videos"


def test_a_reader_further_down_is_brought_to_the_new_ones(visit: Visit) -> None:
    reader, service = visit()
    for number in range(20):
        arrive(service, plain_video(f"old-{number}", f"Bread of yesterday {number}"))
    reader.open(q="bread")
    reader.until_listening()
    reader.browser.execute_script("scrollTo(0, document.body.scrollHeight)")

    arrive(service, plain_video("new", "Bread of today", published_at=NEWEST + timedelta(minutes=1)))
    reader.press("1 new video", "#fresh")

    reader.until(lambda: reader.titles()[0] == "Bread of today")
    top = "return document.querySelector('.is-new-heading').getBoundingClientRect().top"
    header = "return document.querySelector('.bar').getBoundingClientRect().bottom"
    run = reader.browser.execute_script
    assert run(header) <= run(top) < run("return innerHeight / 2")
    assert reader.focused().get_attribute("id") == "results"


_COVERED = """
const pill = document.querySelector(".pill").getBoundingClientRect();
const isUnder = ({ left, right, top, bottom }) =>
  left < pill.right && right > pill.left && top < pill.bottom && bottom > pill.top;
return ["#summary", "#took", ".take"].filter((css) => isUnder(document.querySelector(css).getBoundingClientRect()));
"""


@pytest.mark.parametrize("size", [WIDE, PHONE, (320, 700)], ids=["wide", "phone", "narrow"])
def test_what_is_offered_covers_nothing_above_the_list(visit: Visit, size: tuple[int, int]) -> None:
    reader, service = visit()
    show_as(reader.browser, size)
    arrive(service, plain_video("old", "Bread of yesterday"))
    reader.open(q="bread")
    reader.until_listening()

    arrive(service, plain_video("new", "Bread of today"))
    pill = reader.button("1 new video", "#fresh").rect

    assert reader.browser.execute_script(_COVERED) == []
    assert 0 < pill["y"] < size[1] - pill["height"]


def test_the_first_videos_of_all_appear_by_themselves(visit: Visit) -> None:
    reader, service = visit()
    reader.open()
    assert reader.titles() == []
    reader.until_listening()

    arrive(service, plain_video("first", "Bread of today"))

    reader.press("1 new video", "#fresh")
    assert reader.titles() == ["Bread of today"]
    assert not reader.all(".empty")


def test_a_tab_that_is_not_looked_at_holds_no_connection_and_misses_nothing(visit: Visit) -> None:
    reader, service = visit()
    arrive(service, plain_video("old", "Bread of yesterday"))
    reader.open(q="bread")
    reader.until_listening()
    page = reader.browser.current_window_handle

    reader.browser.switch_to.new_window("tab")
    arrive(service, plain_video("new", "Bread of today", first_seen_at=utc_now()))
    reader.browser.close()
    reader.browser.switch_to.window(page)

    reader.until_listening()
    reader.press("1 new video", "#fresh")
    assert reader.titles() == ["Bread of today", "Bread of yesterday"]


def catches_up_and_goes_on(reader: Reader, service: Service) -> None:
    """The one video that was missed is told, and the next one as it comes."""
    reader.button("1 new video", "#fresh")
    arrive(service, plain_video("new", "Bread of today", first_seen_at=utc_now()))
    reader.press("2 new videos", "#fresh")
    reader.until(lambda: len(reader.titles()) == 3)
    reader.browser.get("about:blank")


def test_an_open_tab_misses_nothing_when_its_service_was_killed(chromium: Chrome, tmp_path: Path) -> None:
    show_as(chromium)
    port = free_port()
    with gate(port) as entry:
        with running(tmp_path, api_port=port) as service:
            arrive(service, plain_video("old", "Bread of yesterday"))
            reader = Reader(chromium, entry.url).open(q="bread")
            reader.until_listening()
            entry.die()

        with running(tmp_path, api_port=port) as service:
            arrive(service, plain_video("missed", "Bread of the night", first_seen_at=utc_now()))
            entry.open()
            catches_up_and_goes_on(reader, service)
    assert not [error for error in reader.errors() if "net::ERR_" not in error]


def test_an_open_tab_misses_nothing_when_it_was_refused(chromium: Chrome, tmp_path: Path) -> None:
    show_as(chromium)
    port = free_port()
    with gate(port) as entry, running(tmp_path, api_port=port) as service:
        arrive(service, plain_video("old", "Bread of yesterday"))
        reader = Reader(chromium, entry.url).open(q="bread")
        reader.until_listening()

        entry.refuse()
        reader.until(lambda: any("/stream" in error and "503" in error for error in reader.errors()))
        arrive(service, plain_video("missed", "Bread of the night", first_seen_at=utc_now()))
        entry.open()

        catches_up_and_goes_on(reader, service)
    assert not [error for error in reader.errors() if "net::ERR_" not in error and "503" not in error]
