"""search.list over HTTP, as docs/youtube-api.md describes it."""

import pytest

from tests.youtube_emulator.setting import NOON, Clock, ids, serving, video, videos
from youtube_emulator.lateness import Lateness
from youtube_emulator.times import format_time


def names(*numbers: int) -> list[str]:
    return [f"video-{number:05}" for number in numbers]


def test_the_answer_has_the_documented_shape():
    body = serving(videos(20)).search(maxResults=5, pageToken="CAUQAA", regionCode="fr")

    assert list(body) == ["kind", "etag", "nextPageToken", "prevPageToken", "regionCode", "pageInfo", "items"]
    assert body["kind"] == "youtube#searchListResponse"
    assert (body["nextPageToken"], body["prevPageToken"]) == ("CAoQAA", "CAUQAQ")
    assert body["regionCode"] == "FR"
    assert body["pageInfo"]["resultsPerPage"] == 5
    assert {item["kind"] for item in body["items"]} == {"youtube#searchResult"}


def test_results_come_newest_first_five_a_page():
    service = serving(videos(12))

    first = service.search()
    second = service.search(pageToken=first["nextPageToken"])
    third = service.search(pageToken=second["nextPageToken"])

    assert ids(first) + ids(second) + ids(third) == names(*range(12))
    assert "prevPageToken" not in first
    assert "nextPageToken" not in third
    assert service.search(pageToken=third["prevPageToken"])["items"] == second["items"]


def test_both_ends_of_the_window_are_included():
    body = serving(videos(10)).search(
        publishedAfter=format_time(NOON - 5), publishedBefore=format_time(NOON - 3), maxResults=50
    )

    assert ids(body) == names(3, 4, 5)


def test_a_fraction_of_a_second_makes_no_difference():
    body = serving(videos(10)).search(publishedAfter="2026-03-01T13:59:58.9+02:00")

    assert ids(body) == names(0, 1, 2)


def test_videos_of_the_future_are_not_served_before_their_time():
    service = serving([video(1), video(2, ago=-60)])
    assert ids(service.search()) == names(1)

    service.clock.now += 60

    assert ids(service.search()) == names(2, 1)


def test_paging_ends_at_the_cap_with_an_empty_page_that_only_leads_back():
    service = serving(videos(700))
    pages, token = [], None
    while not pages or token:
        pages.append(service.search(maxResults=50, pageToken=token))
        token = pages[-1].get("nextPageToken")

    assert len(pages) == 11
    assert sum(len(ids(page)) for page in pages) == 500
    last = pages[-1]
    assert last["items"] == []
    assert last["pageInfo"]["resultsPerPage"] == 0
    assert service.search(maxResults=50, pageToken=last["prevPageToken"])["items"] == pages[-2]["items"]


@pytest.mark.parametrize("cap", [7, 60])
def test_the_cap_is_a_setting(cap: int):
    service = serving(videos(100), result_cap=cap)
    found, token = [], ""
    while token is not None:
        page = service.search(maxResults=50, pageToken=token)
        found += ids(page)
        token = page.get("nextPageToken")

    assert found == names(*range(cap))


def test_no_page_is_named_where_there_is_none():
    assert "nextPageToken" not in serving(videos(50)).search(maxResults=50)
    assert "nextPageToken" not in serving(videos(500)).search(maxResults=50, pageToken="CMIDEAA")
    assert "nextPageToken" not in serving(videos(9)).search(maxResults=0)
    assert serving([]).search(q="tea")["items"] == []


def test_the_total_is_an_estimate_of_no_use():
    service = serving(videos(300))
    totals = {service.search(q=f"tea -{word}")["pageInfo"]["totalResults"] for word in "abcdefghij"}

    assert len(totals) == 10
    assert all(5 <= total <= 1_000_000 for total in totals)


def test_all_types_are_found_unless_videos_are_asked_for():
    service = serving([video(number, channel_title=f"Channel {number % 3}") for number in range(40)])

    kinds = [item["id"]["kind"] for item in service.search(type=None, maxResults=50)["items"]]
    channels = service.search(type="channel")["items"]

    assert {"youtube#video", "youtube#channel", "youtube#playlist"} == set(kinds)
    assert all("videoId" not in item["id"] and item["id"]["channelId"].startswith("UC") for item in channels)
    assert len(channels) == 3
    assert {item["id"]["kind"] for item in service.search(type="playlist")["items"]} == {"youtube#playlist"}


def test_orders_other_than_by_date():
    service = serving(
        [
            video(1, title="b tea", views=1, likes=5),
            video(2, title="c", description="tea", views=9, likes=2),
            video(3, title="a tea", views=5, likes=None),
        ]
    )

    def found(order: str | None) -> list[str]:
        return ids(service.search(q="tea", order=order))

    assert found("viewCount") == names(2, 3, 1)
    assert found("rating") == names(1, 2, 3)
    assert found("title") == names(3, 1, 2)
    assert found("relevance") == found("videoCount") == found(None) == names(3, 1, 2)
    assert found("date") == names(1, 2, 3)


def test_results_can_be_narrowed():
    service = serving(
        [
            video(1, channel_title="One", duration_s=100),
            video(2, channel_title="Two", duration_s=600, category_id="10"),
            video(3, channel_title="One", duration_s=3000, broadcast=True),
            video(4, channel_title="Two", ago=6000, duration_s=3000, broadcast=True),
        ]
    )
    channel = service.search()["items"][0]["snippet"]["channelId"]

    assert ids(service.search(channelId=channel)) == names(1, 3)
    assert ids(service.search(videoDuration="short")) == names(1)
    assert ids(service.search(videoDuration="medium")) == names(2)
    assert ids(service.search(videoDuration="long")) == names(3, 4)
    assert ids(service.search(eventType="live")) == names(3)
    assert ids(service.search(eventType="completed")) == names(4)
    assert ids(service.search(eventType="upcoming")) == []
    assert ids(service.search(videoCategoryId="10")) == names(2)


def test_only_the_parts_asked_for_are_given():
    (item,) = serving(videos(1)).search(part="id")["items"]

    assert list(item) == ["kind", "etag", "id"]


def test_a_late_video_is_missing_until_it_turns_up():
    service = serving([video(1)], lateness=Lateness(rate=1.0, by_s=60), clock=Clock())
    assert service.search()["items"] == []

    service.clock.now += 60

    assert ids(service.search()) == names(1)


@pytest.mark.parametrize(
    ("params", "reason", "location"),
    [
        ({"part": None}, "missingRequiredParameter", "part"),
        ({"part": "statistics"}, "unknownPart", "part"),
        ({"maxResults": 51}, "invalidParameter", "maxResults"),
        ({"maxResults": -1}, "invalidParameter", "maxResults"),
        ({"maxResults": "many"}, "invalidParameter", "maxResults"),
        ({"maxResults": "９"}, "invalidParameter", "maxResults"),
        ({"order": "newest"}, "invalidParameter", "order"),
        ({"type": "video,movie"}, "invalidParameter", "type"),
        ({"publishedAfter": "2026-03-01"}, "invalidParameter", "publishedAfter"),
        ({"publishedBefore": "2026-03-01 12:00:00"}, "invalidParameter", "publishedBefore"),
        ({"regionCode": "France"}, "invalidParameter", "regionCode"),
        ({"relevanceLanguage": "french!"}, "invalidParameter", "relevanceLanguage"),
        ({"safeSearch": "off"}, "invalidParameter", "safeSearch"),
        ({"videoDuration": "1h", "type": "video"}, "invalidParameter", "videoDuration"),
        ({"eventType": "live"}, "invalidSearchFilter", "eventType"),
        ({"pageToken": "page2"}, "invalidPageToken", "pageToken"),
        ({"published_after": "x"}, "invalid", "published_after"),
        ({"location": "1,2"}, "invalid", "location"),
    ],
)
def test_a_wrong_request_is_refused_and_the_parameter_is_named(params, reason, location):
    error = serving(videos(3)).error(**params)

    assert error["code"] == 400
    assert (error["errors"][0]["reason"], error["errors"][0]["location"]) == (reason, location)
    assert error["errors"][0]["locationType"] == "parameter"


@pytest.mark.parametrize(
    "params",
    [
        {"relevanceLanguage": "zh-Hans"},
        {"safeSearch": "none", "regionCode": "DE"},
        {"alt": "json", "prettyPrint": "false"},
        {"part": "id,snippet"},
    ],
)
def test_what_youtube_accepts_is_accepted(params):
    assert ids(serving(videos(3)).search(**params)) == names(0, 1, 2)
