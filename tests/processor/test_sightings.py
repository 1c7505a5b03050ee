from datetime import UTC, datetime

import pytest

from event_log import NewRecord, Record
from processor.events import UnusableRecordError
from processor.sightings import read_sighting
from schemas import RAW
from tests.processor.records import NOON, a_context, a_raw, an_item, as_read


def test_a_sighting_is_the_document_as_this_record_tells_it() -> None:
    video = read_sighting(as_read(a_raw(an_item("abc"), a_context("cats-1", NOON)))).video

    assert video.video_id == "abc"
    assert video.published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert video.subjects == ("cats-1",)
    assert video.first_seen_at == video.updated_at == video.refreshed_at == NOON
    assert video.details is None
    assert video.url == "https://www.youtube.com/watch?v=abc"


def test_titles_are_unescaped_and_descriptions_are_not_escaped_by_youtube() -> None:
    item = an_item(title="Tom &amp; Jerry&#39;s &quot;best&quot;", channelTitle="A&amp;B", description="&amp; stays")

    video = read_sighting(as_read(a_raw(item))).video

    assert video.title == 'Tom & Jerry\'s "best"'
    assert video.channel_title == "A&B"
    assert video.description == "&amp; stays"


def test_fields_that_youtube_adds_break_nothing() -> None:
    item = an_item(thumbnails={"uhd": {"url": "u", "width": 3840, "height": 2160, "codec": "avif"}}, newField=[1])
    item["futureField"] = {"a": 1}

    video = read_sighting(as_read(a_raw(item))).video

    assert video.thumbnails["uhd"]["codec"] == "avif"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(b"not json", "JSON", id="not JSON"),
        pytest.param(b"", "JSON", id="empty"),
        pytest.param(b"\xff\xfe{}", "JSON", id="not UTF-8"),
        pytest.param(b"[1]", "object", id="not an object"),
        pytest.param(b"[" * 100_000, "recursion", id="nested without end"),
        pytest.param(
            {"id": {"kind": "youtube#channel"}, "snippet": an_item()["snippet"]}, "id.videoId", id="a channel"
        ),
        pytest.param({"snippet": {}}, "id", id="no id"),
        pytest.param({**an_item(), "snippet": {}}, "snippet.publishedAt", id="no snippet"),
        pytest.param(an_item(publishedAt="yesterday"), "publishedAt", id="no date"),
        pytest.param(b'{"id":{"videoId":"a"},"snippet":{"title":"\\ud800"}}', "hex escape", id="half a character"),
        pytest.param(an_item(video_id="x" * 65), "videoId", id="an id without end"),
    ],
)
def test_what_can_never_become_a_video_says_why(value: object, reason: str) -> None:
    with pytest.raises(UnusableRecordError, match=reason) as raised:
        read_sighting(as_read(a_raw(value)))

    assert "accepted is" in str(raised.value)


def test_a_tombstone_is_no_sighting() -> None:
    with pytest.raises(UnusableRecordError, match="no value"):
        read_sighting(as_read(NewRecord(RAW.name, "a", None)))


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ((), "'subject' is missing"),
        (tuple(h for h in a_context().to_headers() if h[0] != "ce_time"), "'ce_time' is missing"),
        ((*a_context().to_headers(), ("ce_time", b"never")), "Invalid isoformat"),
        ((*a_context().to_headers(), ("subject", b"\xff")), "decode"),
    ],
)
def test_a_record_without_its_context_says_why(headers: tuple[tuple[str, bytes], ...], reason: str) -> None:
    raw = a_raw(an_item())

    with pytest.raises(UnusableRecordError, match=reason):
        read_sighting(Record(raw.topic, 0, 0, raw.key, raw.value, headers, 0))
