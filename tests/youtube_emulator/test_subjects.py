from tests.pipeline.catalogue import real_catalogue
from tests.youtube_emulator.setting import NOON, videos
from youtube_emulator.catalogue import read_catalogue
from youtube_emulator.library import ListLibrary, Span
from youtube_emulator.matching import parse_question
from youtube_emulator.subjects import choose_subjects


def test_frequent_words_of_titles_and_tags_are_chosen_as_they_are_written():
    listed = (
        videos(60, title="Le Café de la vidéo", tags=("café",))
        + videos(55, title="Pêche 2017")
        + videos(52, title="Échecs; échecs")
        + videos(3, title="Rare")
    )

    assert choose_subjects(listed) == ["café", "pêche", "échecs"]


def test_words_that_only_come_together_make_one_subject():
    listed = videos(60, title="Grand Prix") + videos(60, title="Tennis") + videos(60, title="Yoga")

    assert choose_subjects(listed) == ["prix", "tennis", "yoga"]


def test_few_videos_have_subjects_too():
    assert choose_subjects(videos(1, title="Tennis")) == ["tennis"]
    assert choose_subjects(videos(3, title="!")) == []


def test_the_subjects_of_real_videos_find_many_of_them():
    listed = read_catalogue(real_catalogue()).videos
    subjects = choose_subjects(listed)

    assert 3 <= len(subjects) <= 5
    library = ListLibrary(listed)
    for subject in subjects:
        assert sum(1 for _ in library.find(parse_question(subject), Span(0, NOON), NOON)) >= 50
