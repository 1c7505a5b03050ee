from tests.youtube_emulator.setting import NOON, video
from youtube_emulator.rescheduling import Arrivals, arriving, newest_at, shifted

OLD = [video(1, ago=100), video(2, ago=900), video(3, ago=500)]


def ages(videos) -> dict[str, int]:
    return {video.id[-1]: NOON - video.published for video in videos}


def test_all_are_shifted_alike():
    assert ages(shifted(OLD, 40)) == {"1": 60, "2": 860, "3": 460}


def test_the_newest_is_published_at_the_time_given():
    assert ages(newest_at(OLD, NOON)) == {"1": 0, "2": 800, "3": 400}


def test_the_newest_arrive_one_by_one_in_their_order():
    assert ages(arriving(OLD, Arrivals(count=2, every_s=2.5, start=NOON + 10))) == {"2": 900, "3": -10, "1": -12}


def test_more_may_arrive_than_there_are():
    assert ages(arriving(OLD, Arrivals(count=9, every_s=1, start=NOON))) == {"2": 0, "3": -1, "1": -2}
