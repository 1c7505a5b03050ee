from tests.youtube_emulator.setting import NOON, video, videos
from youtube_emulator.lateness import Lateness


def test_about_that_share_of_videos_is_hidden_and_always_the_same_ones():
    late = Lateness(rate=0.3, by_s=5000, seed=1)
    hidden = {each.id for each in videos(1000) if late.hides(each, NOON)}

    assert 250 < len(hidden) < 350
    assert hidden == {each.id for each in videos(1000) if late.hides(each, NOON)}
    assert hidden != {each.id for each in videos(1000) if Lateness(0.3, 5000, seed=2).hides(each, NOON)}


def test_a_late_video_is_found_in_the_end():
    late = Lateness(rate=1.0, by_s=60)

    assert late.hides(video(1, ago=0), NOON + 59)
    assert not late.hides(video(1, ago=0), NOON + 60)


def test_none_is_late_unless_asked():
    assert not Lateness().hides(video(1, ago=0), NOON)
