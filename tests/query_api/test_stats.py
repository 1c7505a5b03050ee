from datetime import timedelta

import pytest

from tests.query_api.service import Service, problem
from tests.video_index.contract import NOON, a_video, fill


def test_a_timeline_counts_by_the_interval_that_is_asked_for(library: Service) -> None:
    answer = library.client.get("/stats/timeline?interval=hour&subject=odd").json()

    assert isinstance(answer.pop("took_ms"), int)
    assert answer == {
        "interval": "hour",
        "buckets": [{"from": "2026-03-01T12:00:00Z", "count": 30}, {"from": "2026-03-01T13:00:00Z", "count": 20}],
        "total": 50,
    }


def test_without_an_interval_it_chooses_one(service: Service) -> None:
    fill(service.index, [a_video(f"v{days}", published_at=NOON + timedelta(days=days)) for days in (0, 2, 30)])

    answer = service.client.get("/stats/timeline").json()

    assert (answer["interval"], len(answer["buckets"]), answer["total"]) == ("day", 31, 3)
    assert answer["buckets"][1] == {"from": "2026-03-02T00:00:00Z", "count": 0}


def test_without_videos_it_is_empty(service: Service) -> None:
    answer = service.client.get("/stats/timeline?interval=month").json()

    assert (answer["interval"], answer["buckets"], answer["total"]) == ("month", [], 0)
    assert service.client.get("/stats/channels").json()["channels"] == []


def test_too_many_intervals_are_refused_with_what_to_do(service: Service) -> None:
    fill(service.index, [a_video("a"), a_video("b", published_at=NOON + timedelta(days=900))])

    body = problem(service.client.get("/stats/timeline?interval=hour"), 422, "interval")

    assert "day" in body["errors"][0]["accepted"]


def test_channels_with_the_most_videos(library: Service) -> None:
    answer = library.client.get("/stats/channels?subject=even&limit=2").json()

    assert isinstance(answer.pop("took_ms"), int)
    assert answer == {
        "channels": [
            {"channel_id": "UC0", "title": "Channel one", "count": 17},
            {"channel_id": "UC2", "title": "Channel one", "count": 17},
        ],
        "total": 50,
    }


@pytest.mark.parametrize("path", ["/stats/timeline", "/stats/channels"])
def test_the_filters_are_those_of_the_search(library: Service, path: str) -> None:
    filters = (
        "q=number+-7&published_after=2026-03-01T12:10:00Z&published_before=2026-03-01T12:59:59Z"
        "&subject=odd&channel=UC1&live=none"
    )

    expected = library.client.get(f"/search?{filters}").json()["total"]["value"]

    assert expected == 8
    assert library.client.get(f"{path}?{filters}").json()["total"] == expected
    assert library.client.get(f"{path}?{filters}&min_duration=1").json()["total"] == 0


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/stats/timeline", "interval", "year"),
        ("/stats/timeline", "interval", ""),
        ("/stats/timeline", "sort", "newest"),
        ("/stats/timeline", "q", '"'),
        ("/stats/channels", "limit", "0"),
        ("/stats/channels", "limit", "101"),
        ("/stats/channels", "interval", "day"),
        ("/stats/channels", "published_after", "x"),
    ],
)
def test_what_is_not_accepted_is_named(library: Service, path: str, name: str, value: str) -> None:
    problem(library.client.get(path, params={name: value}), 422, name)
