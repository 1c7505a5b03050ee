import pytest

from tests.youtube_emulator.setting import NOON, video
from youtube_emulator.items import cut, escaped, search_item, thumbnails


def test_titles_are_escaped_as_youtube_does():
    assert escaped("""Q&A: "it's" <3""") == "Q&amp;A: &quot;it&#39;s&quot; &lt;3"


def test_an_item_has_the_documented_shape():
    item = search_item(video(1, title="Q&A", channel_title="Two's", description="Line\nline"), NOON)

    assert list(item) == ["kind", "etag", "id", "snippet"]
    assert item["id"] == {"kind": "youtube#video", "videoId": "video-00001"}
    assert list(item["snippet"]) == [
        "publishedAt", "channelId", "title", "description", "thumbnails", "channelTitle", "liveBroadcastContent",
        "publishTime",
    ]  # fmt: skip
    assert item["snippet"]["publishedAt"] == item["snippet"]["publishTime"] == "2026-03-01T11:59:59Z"
    assert (item["snippet"]["title"], item["snippet"]["channelTitle"]) == ("Q&amp;A", "Two&#39;s")
    assert item["snippet"]["description"] == "Line line"
    assert item["snippet"]["channelId"].startswith("UC")
    assert len(item["snippet"]["channelId"]) == 24


def test_the_etag_changes_with_the_item():
    first, same, other = (search_item(video(1, title=title), NOON)["etag"] for title in ("Tea", "Tea", "Tee"))

    assert first == same != other


@pytest.mark.parametrize("text", ["word " * 200, "x" * 500, "料理" * 300])
def test_a_long_description_is_cut_at_about_160_characters(text: str):
    assert 140 <= len(cut(text)) <= 161
    assert cut(text).endswith(" ...")


def test_a_short_description_is_whole():
    assert cut("a" * 160) == "a" * 160


def test_some_videos_have_more_sizes_of_thumbnails():
    sizes = {frozenset(thumbnails(f"video{number}")) for number in range(100)}

    assert all({"default", "medium", "high"} <= names for names in sizes)
    assert any("uhd" in names for names in sizes)
    assert frozenset({"default", "medium", "high"}) in sizes


def test_a_broadcast_is_live_until_it_ends():
    broadcast = video(1, ago=60, broadcast=True, duration_s=100)

    assert search_item(broadcast, NOON)["snippet"]["liveBroadcastContent"] == "live"
    assert search_item(broadcast, NOON + 40)["snippet"]["liveBroadcastContent"] == "none"
