from itertools import islice, pairwise

import pytest

from tests.youtube_emulator.setting import NOON
from youtube_emulator.library import Span
from youtube_emulator.made_up import MADE_UP_DAYS, SUBJECTS, MadeUpLibrary
from youtube_emulator.matching import Question, matches, parse_question
from youtube_emulator.times import DAY
from youtube_emulator.video import channel_id, text_of

WEEK = Span(NOON - 7 * DAY, NOON)
HOUR = Span(NOON - 3600, NOON)


def test_the_same_seed_makes_the_same_videos_whenever_it_is_asked():
    # given one that runs, and one that is started hours later
    running, restarted = MadeUpLibrary(seed=7), MadeUpLibrary(seed=7)

    # when
    before = list(running.find(Question(), HOUR, NOON))
    after = list(restarted.find(Question(), HOUR, NOON + 9999))

    # then
    assert before == after
    assert before != list(MadeUpLibrary(seed=8).find(Question(), HOUR, NOON))


def test_new_videos_keep_coming_and_none_is_of_the_future():
    library = MadeUpLibrary(every_s=20)
    always = Span(0, NOON * 2)

    newest = next(library.find(Question(), always, NOON))
    later = list(library.find(Question(), Span(NOON + 1, NOON * 2), NOON + 3600))

    assert newest.published <= NOON
    assert library.newest(NOON) == newest.published
    assert 140 < len(later) < 220
    assert all(NOON < video.published <= NOON + 3600 for video in later)


def test_they_go_back_thirty_days():
    library = MadeUpLibrary(every_s=600)
    found = list(library.find(Question(), Span(0, NOON), NOON))

    assert len(found) == library.count(NOON)
    assert found[-1].published >= NOON - MADE_UP_DAYS * DAY
    assert all(newer.published >= older.published for newer, older in pairwise(found))
    assert abs(len(found) - MADE_UP_DAYS * DAY / 600) < 60


def test_counting_agrees_with_finding_even_where_many_share_a_second():
    library = MadeUpLibrary(every_s=0.05)
    found = list(library.find(Question(), Span(NOON - 9, NOON), NOON))

    assert 180 < len(found) < 230
    assert {video.published for video in found} == set(range(NOON - 9, NOON + 1))


def test_all_ids_differ_and_find_their_video():
    library = MadeUpLibrary()
    found = list(library.find(Question(), HOUR, NOON))

    assert len({video.id for video in found}) == len(found)
    assert all(len(video.id) == 11 and library.video(video.id, NOON) == video for video in found)
    assert library.video(found[0].id, found[0].published - 1) is None
    assert library.video("not-a-video", NOON) is None


@pytest.mark.parametrize(
    "query", [*SUBJECTS, "料理", "fútbol", "क्रिकेट", "커버", "easy", '"street food" -market', "24x|rust"]
)
def test_it_finds_what_matches(query: str):
    library = MadeUpLibrary()
    day = Span(NOON - DAY, NOON)
    question = parse_question(query)

    found = list(library.find(question, day, NOON))

    assert found == [video for video in library.find(Question(), day, NOON) if matches(question, text_of(video))]
    assert found


def test_subjects_find_many_and_hold_no_semicolon():
    library = MadeUpLibrary()
    for subject in SUBJECTS:
        assert ";" not in subject
        assert sum(1 for _ in islice(library.find(parse_question(subject), WEEK, NOON), 500)) == 500


def test_texts_are_of_many_kinds():
    found = list(MadeUpLibrary().find(Question(), Span(NOON - DAY, NOON), NOON))
    titles = " ".join(video.title for video in found)

    assert all(sign in titles for sign in ("&", '"', "'", "🔥", "料", "é", "क", "케", "ف", "ф"))
    assert len({video.channel_title for video in found}) > 200
    assert len({video.language for video in found}) == 10
    assert sum(1 for video in found if len(video.description) > 160) > len(found) / 3
    assert len({video.title for video in found}) > len(found) / 2


def test_a_channels_uploads_are_its_videos():
    library = MadeUpLibrary()
    newest = next(library.find(Question(), HOUR, NOON))

    uploads = library.uploads(newest.channel_id, NOON)

    assert uploads is not None
    listed = list(uploads)
    assert listed[0] == newest
    everything = library.find(Question(), Span(0, NOON), NOON)
    assert listed == [video for video in everything if video.channel_id == newest.channel_id]
    assert library.uploads(channel_id("nobody"), NOON) is None
