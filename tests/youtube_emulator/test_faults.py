from dataclasses import replace

import pytest

from tests.youtube_emulator.setting import ids, serving, videos
from youtube_emulator.chance import Dice
from youtube_emulator.faults import (
    FaultRates,
    Faults,
    Offer,
    empty,
    fate,
    out_of_order,
    repeated,
    strangers_inside,
    token_lost,
)

PAGE = [{"n": number} for number in range(10)]
OFFER = Offer(PAGE, more=True, before=[{"n": -1}], strangers=[{"n": 99}])


def dice() -> Dice:
    return Dice("test")


def test_what_befalls_requests_is_the_same_in_each_run():
    rates = FaultRates(errors=0.2, slow=0.2, slow_by_s=1.5, wrong_pages=0.2)

    def run(seed: int) -> list[tuple[object, ...]]:
        faults = Faults(rates, seed)
        fates = [faults.next_fate() for _ in range(500)]
        return [(each.error, each.delay_s, each.wrong_page) for each in fates]

    assert run(1) == run(1) != run(2)
    for place in range(3):
        assert 60 < sum(1 for each in run(1) if each[place]) < 140


def test_nothing_befalls_requests_unless_asked():
    assert all((found := fate(FaultRates(), 1, number)).error is None and not found.delay_s for number in range(99))


def test_wrong_pages():
    assert empty(OFFER, dice()) == Offer((), more=True)
    assert repeated(OFFER, dice()).page == [{"n": -1}]
    assert repeated(replace(OFFER, before=()), dice()).page == PAGE
    assert token_lost(OFFER, dice()) == Offer(PAGE, more=False)
    assert {"n": 99} in strangers_inside(OFFER, dice()).page
    assert len(strangers_inside(OFFER, dice()).page) == 11
    assert len(strangers_inside(replace(OFFER, size=10), dice()).page) == 10
    shuffled = out_of_order(OFFER, dice()).page
    assert shuffled != PAGE
    assert sorted(item["n"] for item in shuffled) == list(range(10))


def test_some_answers_are_slow():
    service = serving(videos(3), rates=FaultRates(slow=0.5, slow_by_s=7))
    for _ in range(100):
        service.search()

    assert 30 < len(service.slept) < 70
    assert set(service.slept) == {7}


def test_a_good_page_token_is_refused_at_times_and_no_first_page():
    service = serving(videos(300), rates=FaultRates(refused_tokens=0.5))
    channel = videos(1)[0].channel_id
    asked = {"search": {"part": "snippet"}, "playlistItems": {"part": "id", "playlistId": "UU" + channel[2:]}}

    for method, params in asked.items():
        reasons = [
            (service.get(method, **params, pageToken="CDIQAA").json().get("error") or {"errors": [{"reason": None}]})
            for _ in range(100)
        ]
        told = [error["errors"][0]["reason"] for error in reasons]
        assert set(told) == {None, "invalidPageToken"}
        assert 30 < told.count(None) < 70
        assert all(service.get(method, **params).status_code == 200 for _ in range(30))


@pytest.mark.parametrize("method", ["videos", "playlistItems", "channels"])
def test_every_method_fails_and_is_slow(method: str):
    service = serving(videos(1), rates=FaultRates(errors=1.0, slow=1.0, slow_by_s=2))

    assert service.get(method, part="id", id="x").status_code in (500, 502, 503)
    assert service.slept == [2]


def test_errors_come_with_and_without_json():
    service = serving(videos(3), rates=FaultRates(errors=1.0))
    answers = [service.get("search", part="snippet") for _ in range(60)]

    kinds = {(answer.status_code, answer.headers["content-type"].split(";")[0]) for answer in answers}
    assert kinds == {(status, kind) for status in (500, 502, 503) for kind in ("application/json", "text/html")}


def test_all_kinds_of_wrong_pages_are_served():
    service = serving(videos(300), rates=FaultRates(wrong_pages=1.0))
    window = {"publishedAfter": "2026-03-01T11:55:30Z", "publishedBefore": "2026-03-01T11:59:00Z"}
    right = [f"video-{number:05}" for number in range(110, 160)]
    seen = set()
    for _ in range(60):
        page = service.search(maxResults=50, pageToken="CDIQAA", **window)
        found = ids(page)
        if not found:
            seen.add("empty")
        elif found == [f"video-{number:05}" for number in range(60, 110)]:
            seen.add("repeated")
        elif found == right:
            seen.add("token lost" if "nextPageToken" not in page else "right")
        else:
            seen.add("out of order" if set(found) == set(right) else "strangers")
    assert seen == {"empty", "repeated", "token lost", "out of order", "strangers"}
