"""Makes up video `number` of a topic: a function of topic, seed and number, so it is always the same."""

import math
from dataclasses import dataclass
from functools import lru_cache

from youtube_emulator.chance import Dice
from youtube_emulator.made_up.topic import CLOSINGS, Topic
from youtube_emulator.made_up.video_ids import encode_id
from youtube_emulator.video import Video
from youtube_emulator.words import recurring_words, search_text, words


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a video is made of: everything that its words come from, and the dice for the rest."""

    title: str
    channel_title: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]
    dice: Dice


def recipe(topic: Topic, seed: int, number: int) -> Recipe:
    """The recipe of video `number` of the topic."""
    dice = Dice(seed, topic.subject, number)
    title = dice.one_of(topic.titles).format(idea=dice.one_of(topic.ideas), n=2 + dice.below(58))
    channel = dice.one_of(channels_of(topic))
    return Recipe(
        title=title[:1].upper() + title[1:],
        channel_title=channel,
        paragraphs=_paragraphs(topic, dice),
        tags=(topic.subject, *_some(topic.tags, dice, 2 + dice.below(4))),
        dice=dice,
    )


def make_video(topic: Topic, seed: int, number: int, *, mark: int, published: int) -> Video:
    """Video `number` of the topic, of which `mark` is the number among all topics."""
    made = recipe(topic, seed, number)
    dice = made.dice
    views = int(math.exp(dice.below(1400) / 100))
    broadcast = dice.below(40) == 0
    return Video(
        id=encode_id(mark, seed),
        published=published,
        title=made.title,
        channel_title=made.channel_title,
        description="\n".join(made.paragraphs),
        tags=made.tags,
        category_id=topic.category_id,
        views=views,
        likes=None if dice.below(20) == 0 else views * (1 + dice.below(9)) // 100,
        comments=None if dice.below(25) == 0 else views * (1 + dice.below(5)) // 1000,
        duration_s=900 + dice.below(7200) if broadcast else _duration(dice),
        broadcast=broadcast,
        language=topic.language,
    )


def recipe_text(made: Recipe) -> str:
    """The search text of the video (as `video.text_of` gives it), put together from parts that recur."""
    description = [word for paragraph in made.paragraphs for word in recurring_words(paragraph)]
    return search_text(
        (
            words(made.title),
            description,
            recurring_words(made.channel_title),
            *(recurring_words(tag) for tag in made.tags),
        )
    )


@lru_cache(maxsize=64)
def channels_of(topic: Topic) -> tuple[str, ...]:
    """The titles of the topic's channels."""
    return tuple(
        f"{first} {last}" if topic.language != "ja" else f"{first}{last}"
        for first in topic.channel_firsts
        for last in topic.channel_lasts
    )


@lru_cache(maxsize=64)
def vocabulary(topic: Topic) -> frozenset[str]:
    """The words its videos may have, but for numbers."""
    texts = (
        *topic.ideas,
        *topic.titles,
        *topic.tags,
        topic.subject,
        _hashtag(topic),
        *topic.sentences,
        *channels_of(topic),
    )
    # An idea may stand right beside the text of the title, as in Japanese, without changing what its words are.
    plain = (text.replace("{idea}", " ").replace("{n}", " ") for text in texts + CLOSINGS[topic.language])
    return frozenset(word for text in plain for word in words(text))


def _paragraphs(topic: Topic, dice: Dice) -> tuple[str, ...]:
    told = _some(topic.sentences, dice, 1 + dice.below(4))
    if len(told) == 1:
        return told
    return (*told, "", dice.one_of(CLOSINGS[topic.language]), f"#{_hashtag(topic)}")


def _hashtag(topic: Topic) -> str:
    return topic.subject.replace(" ", "")


def _some(choices: tuple[str, ...], dice: Dice, count: int) -> tuple[str, ...]:
    """So many neighbours out of the choices, taken as a ring."""
    start = dice.below(len(choices))
    return tuple(choices[(start + place) % len(choices)] for place in range(min(count, len(choices))))


def _duration(dice: Dice) -> int:
    return 15 + dice.below(45) if dice.below(4) == 0 else 90 + dice.below(1800)
