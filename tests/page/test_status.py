"""The strip that says how the service is, and what is left of the page when a part of it is away."""

from datetime import timedelta
from pathlib import Path

from selenium.webdriver import Chrome, Keys

from producer.polls import Reason
from schemas import YouTubeAway, utc_now
from stack.ports import free_port
from tests.page.chromium import show_as
from tests.page.conftest import Visit
from tests.page.library import arrive, follow, plain_video, street_food, tell
from tests.page.reader import Reader
from tests.page.running import running


def _look_again(reader: Reader) -> None:
    """As when somebody comes back to the tab, so that no test waits for the next look of its own."""
    reader.browser.execute_script("document.dispatchEvent(new Event('visibilitychange'))")


def test_it_tells_of_the_last_poll_and_the_searches_that_are_left(visit: Visit) -> None:
    reader, service = visit()
    tell(service)
    reader.open()

    reader.until(lambda: "Following 1 subject" in reader.text("#status"))

    assert "last poll 1 min ago" in reader.text("#status")
    assert "87 searches left until 09:00" in reader.text("#status"), "eight in UTC is nine in Paris"
    assert "1,200 videos" in reader.text("#status")
    assert reader.all("#status .dot.good")


def test_it_tells_why_the_producer_waits(visit: Visit) -> None:
    reader, service = visit()
    tell(service, waiting="every search of the day is spent")
    reader.open()

    reader.until(lambda: "Waiting: every search of the day is spent" in reader.text("#status"))

    assert reader.all("#status .dot.idle")


def test_while_youtube_is_away_the_strip_says_so_and_is_not_green(visit: Visit) -> None:
    reader, service = visit()
    since = utc_now() - timedelta(minutes=3)
    away = YouTubeAway(
        told="YouTube does not answer lookups of videos, channels and keys",
        reason="HTTP 503",
        since=since,
        tried_again_at=None,
        stops_polling=False,
        stops_key_checks=True,
    )
    tell(service, youtube_away=away)
    reader.open()

    reader.until(lambda: "Following: YouTube does not answer lookups" in reader.text("#status"))
    assert reader.all("#status .dot.idle")

    tell(service, youtube_away=away.model_copy(update={"told": "YouTube cannot be reached", "stops_polling": True}))
    _look_again(reader)
    reader.until(lambda: "Waiting: YouTube cannot be reached since" in reader.text("#status"))
    assert reader.all("#status .dot.idle")

    tell(service)
    _look_again(reader)
    reader.until(lambda: "Following 1 subject" in reader.text("#status"))
    assert reader.all("#status .dot.good")


def test_what_there_is_to_do_is_told_in_the_words_of_the_page(visit: Visit) -> None:
    reader, service = visit()
    tell(service, waiting=Reason.NO_SUBJECT.value, subjects=())
    reader.open()
    reader.until(lambda: "Waiting: no subject is followed: add one under Subjects" in reader.text("#status"))

    tell(service, waiting=Reason.NO_KEY.value, projects=())
    _look_again(reader)
    reader.until(lambda: "Waiting: there is no usable API key: add one under Keys" in reader.text("#status"))
    assert "API, or set" not in reader.text("body")


def test_it_tells_which_subject_is_in_trouble(visit: Visit) -> None:
    reader, service = visit()
    follow(service, "street food")
    tell(service, subjects=(street_food(trouble="YouTube refuses this query"),))
    reader.open()

    reader.until(lambda: "1 subject in trouble" in reader.text("#status"))

    assert reader.all("#status .dot.bad")
    reader.press("Subjects")
    reader.until(lambda: "YouTube refuses this query" in reader.text("#dialog .row .wrong"))


def test_it_says_what_is_wrong_and_that_data_are_simulated(visit: Visit) -> None:
    reader, _ = visit(simulated=True)
    reader.open()

    reader.until(lambda: "no producer has worked here yet" in reader.text("#status"))

    assert "Simulated data" in reader.text("#status")
    assert reader.all("#status .dot.bad")


def test_while_the_log_is_away_videos_are_found_and_changes_are_refused_with_the_reason(visit: Visit) -> None:
    reader, service = visit()
    arrive(service, plain_video("bread", "Bread of today"))
    service.log.close()
    reader.open(q="bread")

    assert reader.titles() == ["Bread of today"]
    reader.press("Subjects")
    reader.type("[name=query]", "street food", Keys.ENTER)

    reader.until(lambda: "The log cannot be reached now: try again" in reader.text("#dialog form .said.wrong"))
    assert all("503" in error for error in reader.errors())


def test_a_page_outlives_its_service(chromium: Chrome, tmp_path: Path) -> None:
    show_as(chromium)
    port = free_port()
    with running(tmp_path, api_port=port) as service:
        follow(service, "street food")
        arrive(service, plain_video("bread", "Bread of today"))
        reader = Reader(chromium, service.url).open()
        reader.until(lambda: reader.text("#open-subjects") == "Subjects 1")

    _look_again(reader)
    reader.until(lambda: "cannot be reached" in reader.text("#status"))
    assert reader.titles() == ["Bread of today"], "what was found stays"
    reader.type("#q", "bread", Keys.ENTER)
    reader.until(lambda: "cannot be reached" in reader.text("[role=alert]"))

    with running(tmp_path, api_port=port):
        reader.until(lambda: reader.titles() == ["Bread of today"])
        assert not reader.all("[role=alert]")
        assert reader.asked() == {"q": "bread"}
        assert "cannot be reached" not in reader.text("#status")
        reader.browser.get("about:blank")
    assert all("ERR_CONNECTION_REFUSED" in error or "ERR_INCOMPLETE" in error for error in reader.errors())
