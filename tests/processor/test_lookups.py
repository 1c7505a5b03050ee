from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from event_log import NewRecord
from processor.events import Event, Gone, LookedUp, Sighting, UnusableRecordError
from processor.lookup_items import duration_s
from processor.lookups import read_lookup
from schemas import LOOKUPS, LookupKind, Video, VideoDetails
from tests.processor.records import NOON, a_lookup, a_video_item, an_upload_item, as_read

VIDEO, UPLOAD, GONE = LookupKind


def read(new: NewRecord) -> Event | None:
    return read_lookup(as_read(new))


def looked_up(item: dict[str, Any]) -> Video:
    event = read(a_lookup(VIDEO, item))
    assert isinstance(event, LookedUp)
    return event.video


def test_a_lookup_tells_details_and_the_whole_text() -> None:
    video = looked_up(a_video_item("abc", "Tom &amp; Jerry", description="long\n" * 900))

    assert video.video_id == "abc"
    assert video.title == "Tom &amp; Jerry", "it is not escaped, so this is what the author wrote"
    assert video.description == "long\n" * 900
    assert video.refreshed_at == video.updated_at == NOON
    assert video.subjects == ()
    assert video.details == VideoDetails(
        duration_s=253,
        tags=("one", "two"),
        category_id="27",
        default_audio_language="en-GB",
        view_count=1234,
        like_count=56,
        comment_count=7,
    )


def test_hidden_counts_and_absent_parts_are_unknown() -> None:
    item = a_video_item()
    del item["snippet"]["tags"], item["snippet"]["categoryId"], item["snippet"]["defaultAudioLanguage"]
    del item["statistics"]["likeCount"], item["contentDetails"]

    assert looked_up(item).details == VideoDetails(view_count=1234, comment_count=7)


@pytest.mark.parametrize("odd", ["many", "-1", "1.5", "", 3, None, "9" * 30, "\u0663"])
def test_an_odd_count_is_unknown_and_the_rest_counts(odd: object) -> None:
    item = a_video_item()
    item["statistics"]["viewCount"] = odd

    details = looked_up(item).details

    assert details is not None
    assert (details.view_count, details.like_count) == (None, 56)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT15S", 15),
        ("PT4M13S", 253),
        ("PT1H", 3_600),
        ("P1DT2H3M4S", 93_784),
        ("P1W", 604_800),
        ("P0D", 0),
        ("PT0S", 0),
        ("P", None),
        ("PT", None),
        ("P1Y", None),
        ("4:13", None),
        ("PT999999999H", None),
        ("PT" + "9" * 5000 + "S", None),
        (None, None),
        (13, None),
    ],
)
def test_durations(text: object, seconds: int | None) -> None:
    assert duration_s(text) == seconds


def test_an_upload_is_a_sighting_of_its_subject() -> None:
    event = read(a_lookup(UPLOAD, an_upload_item("abc", "R&D"), subject="cats-1"))

    assert isinstance(event, Sighting)
    video = event.video
    assert (video.video_id, video.title, video.subjects) == ("abc", "R&D", ("cats-1",))
    assert (video.channel_id, video.channel_title) == ("UCone", "A channel"), "its owner's, not the list's"
    assert video.published_at == datetime(2026, 3, 1, 10, tzinfo=UTC), "not when it was added to the list"
    assert video.live_broadcast_content == "none"
    assert not event.tells_live
    assert video.details is None


def test_without_an_owner_the_channel_is_the_lists() -> None:
    item = an_upload_item(videoOwnerChannelId=None, videoOwnerChannelTitle=None)

    event = read(a_lookup(UPLOAD, item, subject="cats-1"))

    assert isinstance(event, Sighting)
    assert (event.video.channel_id, event.video.channel_title) == ("UClist", "Whose list it is")


@pytest.mark.parametrize("title", ["Private video", "Deleted video"])
def test_an_upload_that_nobody_may_see_tells_nothing(title: str) -> None:
    item = an_upload_item(title=title)
    del item["contentDetails"]["videoPublishedAt"], item["snippet"]["videoOwnerChannelId"]

    assert read(a_lookup(UPLOAD, item, subject="cats-1")) is None


def test_a_video_is_gone_by_its_key() -> None:
    later = NOON + timedelta(hours=1)

    assert read(a_lookup(GONE, None, "abc", later)) == Gone("abc", later)
    assert read(a_lookup(GONE, None, "abc", later, "cats-1")) == Gone("abc", later, "cats-1")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param(a_lookup(VIDEO, b"not json"), "JSON", id="not JSON"),
        pytest.param(a_lookup(VIDEO, None), "no value", id="no value"),
        pytest.param(a_lookup(VIDEO, {**a_video_item(), "id": ""}), "id", id="no id"),
        pytest.param(a_lookup(VIDEO, {**a_video_item(), "id": {"videoId": "a"}}), "id", id="a search result"),
        pytest.param(a_lookup(VIDEO, {"id": "a"}), "snippet", id="no snippet"),
        pytest.param(
            a_lookup(VIDEO, a_video_item(publishedAt="0001-01-01T00:00:00+01:00")), "years", id="before the year 1"
        ),
        pytest.param(a_lookup(UPLOAD, an_upload_item()), "'subject' is missing", id="an upload of no subject"),
        pytest.param(a_lookup(UPLOAD, {"snippet": {}}, subject="s"), "channelId", id="an upload without anything"),
        pytest.param(a_lookup(GONE, None, key=None), "no key", id="nobody is gone"),
        pytest.param(NewRecord(LOOKUPS.name, "a", b"{}"), "'ce_type' is missing", id="no headers"),
        pytest.param(
            NewRecord(LOOKUPS.name, "a", b"{}", (("ce_type", b"x"), ("ce_time", b"2026-01-01"))),
            "'x' is none of youtube.video",
            id="another kind",
        ),
        pytest.param(
            NewRecord(LOOKUPS.name, "a", b"{}", (("ce_type", b"youtube.video"), ("ce_time", b"\xff"))),
            "ce_time",
            id="no time",
        ),
    ],
)
def test_what_can_never_be_used_says_why(record: NewRecord, reason: str) -> None:
    with pytest.raises(UnusableRecordError, match=reason) as raised:
        read(record)

    assert "accepted is" in str(raised.value)
