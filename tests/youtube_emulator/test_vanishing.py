"""Videos that are gone: nowhere to be found, while all others stay."""

from tests.youtube_emulator.setting import NOON, Service, ids, serving, video, videos
from youtube_emulator.library import ListLibrary
from youtube_emulator.vanishing import Vanishing, VanishingLibrary

HOUR = 3600


def service(count: int, vanishing: Vanishing) -> Service:
    return Service(VanishingLibrary(ListLibrary(videos(count)), vanishing))


def test_a_share_of_the_videos_is_gone_after_their_time():
    vanishing = Vanishing(rate=0.3, after_s=HOUR)
    listed = videos(1000)

    assert not any(vanishing.takes(each, each.published + HOUR - 1) for each in listed)
    gone = {each.id for each in listed if vanishing.takes(each, each.published + HOUR)}
    assert 200 < len(gone) < 400
    assert gone == {each.id for each in listed if vanishing.takes(each, NOON + 10 * HOUR)}
    assert gone != {each.id for each in listed if Vanishing(0.3, HOUR, seed=2).takes(each, NOON + 10 * HOUR)}


def test_nothing_vanishes_unless_asked():
    assert not any(Vanishing().takes(each, NOON + 10**9) for each in videos(100))


def test_a_video_that_is_gone_is_gone_from_every_method():
    asked = service(40, Vanishing(rate=0.5, after_s=HOUR))
    playlist = {"part": "contentDetails", "playlistId": "UU" + video(1).channel_id[2:], "maxResults": 50}
    everything = ",".join(f"video-{number:05}" for number in range(40))

    def shown() -> list[set[str]]:
        uploads = asked.get("playlistItems", **playlist).json()["items"]
        known = asked.get("videos", part="id", id=everything).json()["items"]
        return [
            set(ids(asked.search(maxResults=50))),
            {item["contentDetails"]["videoId"] for item in uploads},
            {item["id"] for item in known},
        ]

    assert [len(each) for each in shown()] == [40, 40, 40]
    asked.clock.now += HOUR
    found, uploaded, known = shown()
    assert found == uploaded == known
    assert 5 < len(found) < 35


def test_a_channel_of_which_all_videos_are_gone_has_an_empty_playlist():
    asked = service(3, Vanishing(rate=1.0, after_s=1))
    asked.clock.now += HOUR

    answer = asked.get("playlistItems", part="id", playlistId="UU" + video(1).channel_id[2:]).json()
    assert answer["items"] == []
    assert answer["pageInfo"]["totalResults"] == 0


def test_a_key_is_checked_with_a_video_that_need_not_be_there():
    assert serving(videos(1)).get("videos", part="id", id="jNQXAC9IVRw").json()["items"] == []
