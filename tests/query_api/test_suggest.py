import pytest

from tests.query_api.service import Service, problem
from tests.video_index.contract import a_video, fill


def test_titles_and_channels_hold_the_words_and_the_last_one_as_a_beginning(service: Service) -> None:
    fill(
        service.index,
        [
            a_video("a", "Street <food>", channel_id="UCa", channel_title="Food & more"),
            a_video("b", "Food street", channel_id="UCb", channel_title="Others"),
        ],
    )

    answer = service.client.get("/suggest", params={"q": "street fo"}).json()

    assert isinstance(answer.pop("took_ms"), int)
    assert sorted(title["text"] for title in answer["titles"]) == ["Food street", "Street <food>"]
    assert answer["channels"] == []
    assert service.client.get("/suggest?q=mor").json()["channels"] == [{"channel_id": "UCa", "title": "Food & more"}]


@pytest.mark.parametrize(("asked", "expected"), [({}, 8), ({"limit": "1"}, 1), ({"limit": "20"}, 20)])
def test_how_many(library: Service, asked: dict[str, str], expected: int) -> None:
    answer = library.client.get("/suggest", params={"q": "num", **asked}).json()

    assert [title["text"] for title in answer["titles"]] == [f"Number {99 - place}" for place in range(expected)]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=...", "?q=%22", "?q=OR"])
def test_nothing_typed_nothing_suggested(library: Service, query: str) -> None:
    answer = library.client.get(f"/suggest{query}").json()

    assert (answer["titles"], answer["channels"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "value"), [("q", "x" * 201), ("q", "a\x00"), ("limit", "0"), ("limit", "21"), ("page", "1")]
)
def test_what_is_not_accepted_is_named(library: Service, name: str, value: str) -> None:
    problem(library.client.get("/suggest", params={name: value}), 422, name)
