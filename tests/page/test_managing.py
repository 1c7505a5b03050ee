"""Subjects and keys are managed on the page, and a service without them says what to do."""

from contextlib import closing

import httpx2

from schemas import CONTROL, subject_id
from tests.page.conftest import Visit
from tests.page.library import KEY, follow, refuse_key, tell
from tests.page.running import Running


def _subjects(service: Running) -> list[str]:
    return [each["query"] for each in httpx2.get(f"{service.url}/subjects", trust_env=False).json()]


def _keys(service: Running) -> list[str]:
    return [each["masked"] for each in httpx2.get(f"{service.url}/api_keys", trust_env=False).json()]


def test_an_empty_service_leads_to_a_key_and_a_subject(visit: Visit) -> None:
    reader, service = visit()
    reader.open()
    assert "make demo" in reader.text(".empty")

    reader.press("Add a key", ".empty")
    assert "one project per API client" in reader.text("#dialog")
    reader.type("[name=key]", KEY)
    reader.press("Add key", "#dialog")

    reader.until(lambda: reader.text(".row code") == "…defg")
    assert "Not checked" in reader.text(".row")
    assert "no producer has worked here yet" in reader.text(".row")
    assert KEY not in reader.browser.execute_script("return document.documentElement.outerHTML")
    assert reader.one("[name=key]").get_attribute("value") == ""
    assert _keys(service) == ["…defg"]
    reader.one("#dialog .close").click()
    reader.press("Follow a subject", ".empty")
    reader.type("[name=query]", "street food -vlog")
    reader.press("Follow", "#dialog form")

    reader.until(lambda: "street food -vlog is followed" in reader.text("#dialog form .said"))
    assert _subjects(service) == ["street food -vlog"]
    reader.one("#dialog .close").click()
    reader.until(lambda: "No video yet" in reader.text(".empty"))


def test_a_key_that_is_none_is_refused_with_what_is_accepted(visit: Visit) -> None:
    reader, service = visit()
    reader.open()
    reader.one("#open-keys").click()

    reader.type("[name=key]", "no key")
    reader.press("Add key", "#dialog")

    reader.until(lambda: "8 to 128 letters" in reader.text("#dialog form .said"))
    said = reader.text("#dialog form .said")
    assert said.startswith("key: not a YouTube API key. Accepted: 8 to 128 letters")
    assert said.count("8 to 128") == 1
    assert "no key" not in said
    assert _keys(service) == []
    # A refused request is told in the console by the browser itself.
    assert all("422" in error for error in reader.errors())


def test_a_key_is_removed_at_the_second_press(visit: Visit) -> None:
    reader, service = visit()
    httpx2.post(f"{service.url}/add_api_key", json={"key": KEY}, trust_env=False)
    reader.open()
    reader.one("#open-keys").click()

    reader.press("Remove", ".row")
    assert _keys(service) == ["…defg"]
    reader.press("Remove …defg for good", ".row")

    reader.until(lambda: "No key yet" in reader.text("#dialog .rows"))
    assert _keys(service) == []


def test_a_refused_key_is_told_with_the_reason_and_given_another_chance(visit: Visit) -> None:
    reader, service = visit()
    refuse_key(service, KEY)
    reader.open()
    reader.until(lambda: reader.text("#open-keys") == "Keys 1 refused")

    reader.press("Keys")
    reader.until(lambda: "Refused" in reader.text(".row"))
    assert "API_KEY_INVALID: add another" in reader.text(".row .wrong")
    reader.press("Check", ".row")

    reader.until(lambda: reader.text("#dialog .stack > .said.unchecked") == "…defg: not checked")
    colours = [
        reader.all(f"#dialog {place}")[0].value_of_css_property("color")
        for place in (".stack > .said", ".row .state")
    ]
    assert colours[0] == colours[1], "it is no success"
    reader.until(lambda: reader.text("#open-keys") == "Keys 1")
    assert "Not checked" in reader.text(".row")


def test_a_subject_of_channels_and_of_some_time_is_followed(visit: Visit) -> None:
    reader, service = visit()
    reader.open()
    reader.press("Subjects")

    reader.type("[name=channels]", "UCuAXFkgsw1L7xaCfnd5JJOw UC_x5XG1OV2P6uZZ5FSM9Ttw")
    reader.browser.execute_script("document.querySelector('[name=since]').value = '2026-03-01'")
    reader.press("Follow", "#dialog form")

    reader.until(lambda: "Uploads of 2 channels is followed" in reader.text("#dialog form .said"))
    [subject] = httpx2.get(f"{service.url}/subjects", trust_env=False).json()
    assert set(subject["channels"]) == {"UCuAXFkgsw1L7xaCfnd5JJOw", "UC_x5XG1OV2P6uZZ5FSM9Ttw"}
    assert subject["since"].startswith("2026-03-01")
    assert "2 channels" in reader.text(".row")


def test_what_the_producer_does_for_a_subject_is_told(visit: Visit) -> None:
    reader, service = visit()
    follow(service, "street food")
    tell(service)
    reader.open()

    reader.press("Subjects")

    reader.until(lambda: "50 found" in reader.text(".row"))
    told = reader.text(".row .note")
    assert "polled 1 min ago" in told
    assert "next in 9 min" in told
    assert "found 7 min after publication" in told


def test_a_subject_is_followed_no_more_and_its_videos_go(visit: Visit) -> None:
    reader, service = visit()
    follow(service, "street food")
    reader.open()
    reader.press("Subjects")

    reader.press("Unfollow, delete videos", ".row")
    assert _subjects(service) == ["street food"]
    reader.press("Delete what only it found", ".row")

    reader.until(lambda: "its videos go within minutes" in reader.text("#dialog .stack > .said"))
    assert _subjects(service) == []
    with closing(service.log.reader([CONTROL.name])) as control:
        kept = {record.key: record.value for record in control.read_to_end()}
    assert kept[f"unfollowed/{subject_id('street food')}"] is not None, "which tells the processor to remove them"


def test_a_subject_is_followed_no_more(visit: Visit) -> None:
    reader, service = visit()
    follow(service, "street food")
    reader.open()
    reader.one("#open-subjects").click()

    reader.press("Unfollow", ".row")
    reader.press("Unfollow street food", ".row")

    reader.until(lambda: "Nothing is followed yet" in reader.text("#dialog .rows"))
    assert _subjects(service) == []


def test_many_subjects_are_a_short_filter_that_can_be_made_long(visit: Visit) -> None:
    reader, service = visit()
    for number in range(12):
        follow(service, f"street food {number:02}")
    last = reader.open(subject=subject_id("street food 11")).all("#subject-choices button")
    assert len(last) == 1 + 8 + 1
    assert "street food 11" in last[0].text, "the one that is asked for is there in any case"

    reader.press("All 12…", "#subject-choices")

    assert len(reader.all("#subject-choices button")) == 12 + 1
    assert reader.focused().text == "Fewer…"


def test_changes_ask_for_the_admin_token_and_keep_it_in_this_tab_only(visit: Visit) -> None:
    reader, service = visit(admin_token="certainly the right one")
    reader.open()
    reader.one("#open-subjects").click()
    reader.type("[name=query]", "street food")
    reader.press("Follow", "#dialog form")

    reader.until(lambda: reader.one("#token-dialog").is_displayed())
    reader.type("[name=token]", "a wrong one")
    reader.press("Continue", "#token-dialog")
    reader.until(lambda: "not the right token" in reader.text("#token-dialog"))
    assert _subjects(service) == []
    reader.type("[name=token]", "certainly the right one")
    reader.press("Continue", "#token-dialog")

    reader.until(lambda: "street food is followed" in reader.text("#dialog form .said"))
    assert _subjects(service) == ["street food"]
    assert reader.browser.execute_script("return [localStorage.length, document.cookie]") == [0, ""]
    assert "certainly the right one" not in reader.browser.current_url
    reader.type("[name=query]", "live music")
    reader.press("Follow", "#dialog form")
    reader.until(lambda: "live music is followed" in reader.text("#dialog form .said"))
    assert all("401" in error for error in reader.errors())


def test_a_token_that_no_header_can_carry_is_not_taken(visit: Visit) -> None:
    reader, service = visit(admin_token="certainly the right one")
    reader.open()
    reader.one("#open-subjects").click()
    reader.type("[name=query]", "street food")
    reader.press("Follow", "#dialog form")

    reader.type("[name=token]", "the “right” one")
    reader.press("Continue", "#token-dialog")
    reader.until(lambda: "only letters from A to Z" in reader.text("#token-dialog [role=alert]"))
    reader.type("[name=token]", "certainly the right one")
    reader.press("Continue", "#token-dialog")

    reader.until(lambda: "street food is followed" in reader.text("#dialog form .said"))
    assert _subjects(service) == ["street food"]
    assert all("401" in error for error in reader.errors())


def test_without_the_token_nothing_is_changed(visit: Visit) -> None:
    reader, service = visit(admin_token="certainly the right one")
    reader.open()
    reader.one("#open-subjects").click()
    reader.type("[name=query]", "street food")
    reader.press("Follow", "#dialog form")

    reader.press("Cancel", "#token-dialog")

    reader.until(lambda: "the admin token is needed" in reader.text("#dialog form .said"))
    assert _subjects(service) == []
    assert all("401" in error for error in reader.errors())
