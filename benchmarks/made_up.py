"""Made-up videos of real shape: titles, descriptions and channels out of a vocabulary used as words really are."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import orjson

from event_log import NewRecord
from schemas import RAW, RawContext, Video, VideoDetails, format_utc

NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
REFRESHED = datetime(2100, 1, 1, tzinfo=UTC)
"""So far ahead that no producer takes a kept index for one that was not refreshed for too long."""

SUBJECTS = ("music-1", "football-2", "cooking-3", "news-4", "science-5")

_WORDS = 20_000
_CHANNELS = 5_000
_SPAN_S = int(timedelta(days=730).total_seconds())
_SYLLABLES = ("ka", "ro", "mi", "ten", "sol", "vi", "bar", "ne", "lu", "sta", "pre", "con", "ing", "er", "o", "an")


class Vocabulary:
    """Words with the frequencies of Zipf's law: few are in most titles, most in few."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self.words = self._make_words()
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(_WORDS)))

    def text(self, fewest: int, most: int) -> str:
        """So many words."""
        count = self._random.randint(fewest, most)
        return " ".join(self._random.choices(self.words, cum_weights=self._weights, k=count))

    def common(self, count: int) -> list[str]:
        """Different words that people would search for: neither the most nor the least frequent ones."""
        return self._random.sample(self.words[20:2000], count)

    def _make_words(self) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < _WORDS:
            made["".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 5)))] = None
        return list(made)


def items(count: int, seed: int = 1) -> Iterator[dict[str, object]]:
    """Search results as YouTube sends them, about one kilobyte each as JSON, each of another video."""
    vocabulary = Vocabulary(seed)
    chance = random.Random(seed)
    for number in range(count):
        video_id = f"{seed:02x}{number:06x}vid"
        channel = chance.randrange(_CHANNELS)
        published = format_utc(NEWEST - timedelta(seconds=chance.randrange(_SPAN_S)))
        image = f"https://i.ytimg.com/vi/{video_id}"
        yield {
            "kind": "youtube#searchResult",
            "etag": f"{chance.getrandbits(128):032x}",
            "id": {"kind": "youtube#video", "videoId": video_id},
            "snippet": {
                "publishedAt": published,
                "channelId": f"UC{channel:022d}",
                "title": vocabulary.text(5, 12).capitalize(),
                "description": vocabulary.text(18, 24)[:160],
                "thumbnails": {
                    "default": {"url": f"{image}/default.jpg", "width": 120, "height": 90},
                    "medium": {"url": f"{image}/mqdefault.jpg", "width": 320, "height": 180},
                    "high": {"url": f"{image}/hqdefault.jpg", "width": 480, "height": 360},
                },
                "channelTitle": f"Channel {vocabulary.words[channel]}",
                "liveBroadcastContent": "none",
                "publishTime": published,
            },
        }


def raw_records(count: int, fetched_at: datetime, seed: int = 1) -> Iterator[NewRecord]:
    """The items as the producer publishes them, 50 a page."""
    for number, item in enumerate(items(count, seed)):
        context = RawContext(
            event_id=f"bench-{number}",
            source="http://127.0.0.1/youtube/v3",
            fetched_at=fetched_at,
            subject=SUBJECTS[number // 50 % len(SUBJECTS)],
            window_from=fetched_at - timedelta(days=1),
            window_to=fetched_at,
            page=1 + number // 50 % 10,
        )
        video_id = f"{seed:02x}{number:06x}vid"
        yield NewRecord(RAW.name, video_id, orjson.dumps(item), context.to_headers())


def videos(count: int, seed: int = 1) -> Iterator[Video]:
    """The items as documents, with details."""
    chance = random.Random(seed)
    tags = Vocabulary(seed + 1)
    for number, item in enumerate(items(count, seed)):
        snippet: Any = item["snippet"]
        yield Video(
            video_id=f"{seed:02x}{number:06x}vid",
            title=snippet["title"],
            description=snippet["description"],
            channel_id=snippet["channelId"],
            channel_title=snippet["channelTitle"],
            published_at=datetime.fromisoformat(snippet["publishedAt"]),
            thumbnails=snippet["thumbnails"],
            live_broadcast_content="none",
            subjects=(SUBJECTS[number // 50 % len(SUBJECTS)],),
            first_seen_at=NEWEST,
            updated_at=NEWEST,
            refreshed_at=REFRESHED,
            details=_details(chance, tags),
        )


def _details(chance: random.Random, tags: Vocabulary) -> VideoDetails:
    """Most videos are short and seen by few."""
    views = int(chance.paretovariate(0.7) * 20)
    return VideoDetails(
        duration_s=int(chance.lognormvariate(6, 1)),
        tags=tuple(tags.text(0, 8).split()),
        category_id=str(chance.randrange(1, 30)),
        view_count=views,
        like_count=views // 30,
        comment_count=views // 300,
    )
