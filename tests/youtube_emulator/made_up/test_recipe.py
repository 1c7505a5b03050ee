import pytest

from youtube_emulator.made_up.recipe import make_video, recipe, recipe_text, vocabulary
from youtube_emulator.made_up.topics import TOPICS
from youtube_emulator.video import text_of


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.subject)
def test_a_video_is_searched_by_its_own_words_and_all_are_in_the_vocabulary(topic):
    known = vocabulary(topic)
    for number in range(300):
        text = recipe_text(recipe(topic, 1, number))

        assert text == text_of(make_video(topic, 1, number, mark=number, published=0))
        assert all(word in known or any(sign.isdigit() for sign in word) for word in text.split())
