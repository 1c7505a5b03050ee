"""Keys, quota and the methods beside search, over HTTP."""

import pytest

from tests.youtube_emulator.setting import NOON, ids, serving, video, videos
from youtube_emulator.faults import FaultRates
from youtube_emulator.keys import Projects
from youtube_emulator.quota import Limits
from youtube_emulator.video import uploads_playlist

FULL = video(
    1,
    title='Q&A: "it\'s"',
    channel_title="Two's Company",
    description="Long text\n" * 100,
    tags=("tea", "cake"),
    category_id="26",
    views=1234,
    comments=5,
    duration_s=3723,
)


def test_the_key_may_stand_in_the_address_or_in_a_header():
    service = serving(videos(1))

    assert service.get("search", part="snippet").status_code == 200
    assert service.get("search", {"X-Goog-Api-Key": "k"}, key=None, part="snippet").status_code == 200


def test_no_answer_repeats_the_key():
    service = serving(videos(1), limits=Limits(searches_per_day=0, units_per_day=0))
    for key in ("invalid-secret", "disabled-secret", "blocked-secret", "secret"):
        for method in ("search", "videos"):
            assert "secret" not in service.get(method, key=key, part="snippet", id="x").text


def test_a_wrong_request_costs_a_search_too():
    service = serving(videos(1), limits=Limits(searches_per_day=2))
    service.error(maxResults=99)
    service.error(foo="bar")

    assert service.error()["errors"][0]["reason"] == "rateLimitExceeded"


def test_a_refused_key_costs_nothing_and_searches_cost_no_units():
    service = serving(videos(1), limits=Limits(searches_per_day=1, units_per_day=1))
    for _ in range(3):
        service.error(key="invalid")
    service.search()

    assert service.get("videos", part="id", id="x").status_code == 200
    assert service.get("videos", part="id", id="x").status_code == 403


def test_keys_of_one_project_share_its_quota():
    projects = Projects({"key-1": "p", "key-2": "p"})
    service = serving(videos(1), limits=Limits(searches_per_day=1), projects=projects)
    service.search(key="key-1")

    assert service.error(key="key-2")["code"] == 429
    service.search(key="key-3")


def test_the_body_of_a_used_up_bucket_of_searches():
    error = serving(videos(1), limits=Limits(searches_per_day=0)).error()

    metadata = error["details"][0]["metadata"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["errors"][0]["reason"] == "rateLimitExceeded"
    assert "'Search Queries per day'" in error["message"]
    assert metadata["quota_unit"] == "1/d/{project}"
    assert metadata["quota_limit"] == "defaultSearchListPerDayPerProject"
    assert metadata["consumer"] == f"projects/{error['message'].split(':')[-1].rstrip(chr(39) + '.')}"


@pytest.mark.parametrize(
    ("key", "status", "reason"), [("keyinvalid-1", 400, "keyInvalid"), ("dailylimit-1", 403, "dailyLimitExceeded")]
)
def test_some_keys_are_refused_in_the_words_of_older_answers(key: str, status: int, reason: str):
    error = serving(videos(1)).error("videos", id="x", key=key)

    assert (error["code"], error["errors"][0]["domain"], error["errors"][0]["reason"]) == (
        status,
        "usageLimits",
        reason,
    )
    assert "details" not in error


def test_what_projects_have_used_can_be_asked_for_at_no_cost():
    projects = Projects({"key-1": "p", "key-2": "p"})
    service = serving(videos(1), projects=projects, rates=FaultRates(errors=1.0), limits=Limits(searches_per_day=1))
    for key in ("key-1", "key-2"):
        service.get("search", key=key, part="snippet")
        service.get("videos", key=key, part="id", id="x")

    told = service.http.get("http://emulator/emulator/counts").json()

    consumer = projects.project_of("key-1").consumer
    assert told["day"] == "2026-03-01"
    assert told["today"] == told["ever"] == {consumer: {"searches": 1, "units": 2, "refused": 1}}


def test_every_answer_tells_the_emulators_time():
    service = serving(videos(1))
    for key in ("a-key", "invalid"):
        assert service.get("search", key=key, part="snippet").headers["Date"] == "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize("path", ["nothing", "search/x", "../v4/search"])
def test_other_addresses_are_not_found(path: str):
    answer = serving(videos(1)).get(path)

    assert answer.status_code == 404
    assert answer.json()["error"]["errors"][0]["reason"] == "notFound"


def test_only_get_is_served():
    assert serving(videos(1)).http.post("search").status_code == 405


def test_a_videos_details_are_whole_and_not_escaped():
    body = serving([FULL]).get("videos", part="snippet,contentDetails,statistics", id=FULL.id).json()

    assert (body["kind"], body["pageInfo"]) == (
        "youtube#videoListResponse",
        {"totalResults": 1, "resultsPerPage": 1},
    )
    (item,) = body["items"]
    assert (item["kind"], item["id"]) == ("youtube#video", FULL.id)
    assert item["snippet"]["title"] == FULL.title
    assert item["snippet"]["description"] == FULL.description
    assert item["snippet"]["tags"] == ["tea", "cake"]
    assert item["snippet"]["categoryId"] == "26"
    assert item["contentDetails"]["duration"] == "PT1H2M3S"
    assert item["statistics"] == {"viewCount": "1234", "favoriteCount": "0", "commentCount": "5"}


def test_only_the_parts_asked_for_are_given_and_missing_videos_are_absent():
    service = serving([*videos(3), video(9, ago=-9)])

    body = service.get("videos", part="id", id="video-00002,nothing,video-00000,video-00009,video-00002").json()

    assert [item["id"] for item in body["items"]] == ["video-00002", "video-00000"]
    assert set(body["items"][0]) == {"kind", "etag", "id"}


def test_at_most_fifty_ids_are_accepted():
    service = serving(videos(60))
    listed = [f"video-{number:05}" for number in range(51)]

    assert len(service.get("videos", part="id", id=",".join(listed[:50])).json()["items"]) == 50
    assert service.error("videos", id=",".join(listed))["errors"][0]["location"] == "id"
    assert service.error("videos")["errors"][0]["reason"] == "missingRequiredParameter"
    assert service.error("videos", part="everything", id="x")["errors"][0]["reason"] == "unknownPart"


def test_a_channel_leads_to_its_uploads_newest_first():
    # given two channels
    service = serving(
        [video(number, channel_title=("Tea & Co", "Other")[number % 2]) for number in range(20)]
        + [video(99, ago=-5, channel_title="Tea & Co")]
    )

    # when
    channel = service.get("channels", part="snippet,contentDetails,statistics", forHandle="@TeaCo").json()["items"][0]
    playlist = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    first = service.get("playlistItems", part="contentDetails,snippet", playlistId=playlist, maxResults=6).json()
    rest = service.get(
        "playlistItems", part="snippet", playlistId=playlist, maxResults=6, pageToken=first["nextPageToken"]
    ).json()

    # then
    assert playlist == "UU" + channel["id"][2:]
    assert channel["snippet"]["title"] == "Tea & Co"
    assert channel["statistics"]["videoCount"] == "10"
    assert first["pageInfo"] == {"totalResults": 10, "resultsPerPage": 6}
    found = [item["snippet"]["resourceId"]["videoId"] for item in first["items"] + rest["items"]]
    assert found == [f"video-{number:05}" for number in range(0, 20, 2)]
    assert [item["snippet"]["position"] for item in rest["items"]] == [6, 7, 8, 9]
    assert "nextPageToken" not in rest
    assert first["items"][0]["contentDetails"]["videoPublishedAt"] == "2026-03-01T12:00:00Z"


def test_the_channel_of_a_search_result_can_be_asked_for():
    service = serving([FULL])
    channel = service.search()["items"][0]["snippet"]["channelId"]

    body = service.get("channels", part="id", id=f"{channel},UCnobody").json()

    assert [item["id"] for item in body["items"]] == [channel] == [FULL.channel_id]
    assert uploads_playlist(channel) == "UU" + channel[2:]


def test_what_is_not_there():
    service = serving(videos(1))

    assert "items" not in service.get("channels", part="id", id="UCnobody").json()
    assert "items" not in service.get("channels", part="id", forHandle="@nobody").json()
    for playlist in ("UUnobody", "PLnobody"):
        error = service.error("playlistItems", playlistId=playlist)
        assert (error["code"], error["errors"][0]["reason"]) == (404, "playlistNotFound")
    assert service.error("playlistItems")["errors"][0]["location"] == "playlistId"
    assert service.error("channels")["errors"][0]["reason"] == "missingRequiredParameter"


def test_a_video_of_the_future_is_nowhere():
    service = serving([video(1, ago=-60)])
    channel = video(1).channel_id

    assert ids(service.search()) == []
    assert service.get("videos", part="id", id="video-00001").json()["items"] == []
    assert "items" not in service.get("channels", part="id", id=channel).json()

    service.clock.now = NOON + 60
    assert len(service.get("channels", part="id", id=channel).json()["items"]) == 1
