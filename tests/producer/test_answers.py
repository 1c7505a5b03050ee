import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.answers import read_page
from producer.errors import UnavailableError
from schemas import parse_utc


def a_body(*items: object, **fields: object) -> bytes:
    return json.dumps({"kind": "youtube#searchListResponse", "items": items, **fields}).encode()


def an_item(video_id: object = "abc-123_XYZ", published_at: object = "2026-03-01T10:00:00Z") -> dict[str, object]:
    return {"id": {"videoId": video_id}, "snippet": {"publishedAt": published_at}}


def test_a_page_has_its_items_in_order_and_the_token_of_the_next():
    page = read_page(a_body(an_item("a"), an_item("b"), nextPageToken="CDIQAA"))

    assert [item.video_id for item in page.items] == ["a", "b"]
    assert page.items[0].published_at == parse_utc("2026-03-01T10:00:00Z")
    assert page.next_token == "CDIQAA"


@pytest.mark.parametrize("token", [None, "", 7, ["CDIQAA"]])
def test_what_is_no_token_leads_nowhere(token):
    assert read_page(a_body(nextPageToken=token)).next_token is None


def test_an_answer_without_items_is_empty_when_it_says_what_it_is():
    assert read_page(b'{"kind": "youtube#searchListResponse"}').items == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in to the hotel's network</html>",
        b"[]",
        b"null",
        b"{}",
        b'{"kind": "youtube#videoListResponse"}',
        b'{"error": {"code": 403}}',
        b'{"items": {}}',
        b'{"items": [NaN]}',
        b'{"items": [1e999]}',
        b'{"items": [' + b"[" * 100_000,
        b'{"items": ["\xff"]}',
        b'{"items": [1',
    ],
)
def test_what_is_no_answer_of_the_search_is_refused(body):
    with pytest.raises(UnavailableError, match="YOUTUBE_API_URL") as refused:
        read_page(body)

    assert refused.value.sent


@pytest.mark.parametrize(
    "item",
    [
        None,
        "text",
        [],
        {},
        {"id": "abc"},
        {"id": {"kind": "youtube#channel", "channelId": "UC1"}},
        an_item(None),
        an_item(7),
        an_item(""),
        an_item("white space"),
        an_item("x" * 65),
    ],
)
def test_what_is_no_video_has_no_video_id_and_stays_on_the_page(item):
    [found] = read_page(a_body(item)).items

    assert found.video_id is None
    assert json.loads(found.value) == item


@pytest.mark.parametrize("time", [None, "", "yesterday", 7, "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-23:00"])
def test_a_time_that_cannot_be_read_is_none(time):
    [found] = read_page(a_body(an_item(published_at=time))).items

    assert found.published_at is None
    assert found.video_id


texts = st.text(st.characters(), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_the_value_of_an_item_is_what_youtube_sent(item):
    [found] = read_page(a_body(item)).items

    assert json.loads(found.value) == item
    found.value.decode()


def test_the_value_keeps_the_order_of_keys_and_numbers_of_any_size():
    body = b'{"items": [{"z": 123456789012345678901234567890, "a": "\\ud83d", "m": "caf\xc3\xa9"}]}'

    [found] = read_page(body).items

    assert found.value == b'{"z":123456789012345678901234567890,"a":"\\ud83d","m":"caf\\u00e9"}'
