"""What the emulator knows about a video and its channel."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from youtube_emulator.chance import number
from youtube_emulator.words import recurring_words, search_text, words


@dataclass(frozen=True, slots=True)
class Video:
    """A video. `published` is in seconds since 1970, `duration_s` in seconds; a count of None is hidden.

    A broadcast is live from its publication on, for as long as it takes.
    """

    id: str
    published: int
    title: str
    channel_title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    category_id: str = "22"
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    duration_s: int = 60
    broadcast: bool = False
    language: str | None = None

    @property
    def channel_id(self) -> str:
        """The id of its channel."""
        return channel_id(self.channel_title)

    def is_live(self, now: float) -> bool:
        """Whether it is being broadcast."""
        return self.broadcast and now < self.published + self.duration_s


@lru_cache(maxsize=100_000)
def channel_id(title: str) -> str:
    """The id of the channel with this title: `UC` and 22 characters, always the same ones."""
    digest = hashlib.blake2b(f"channel {title}".encode(), digest_size=16).digest()
    return "UC" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def uploads_playlist(channel: str) -> str:
    """The id of the playlist of a channel's uploads."""
    return "UU" + channel.removeprefix("UC")


def handle_of(title: str) -> str:
    """The handle of the channel with this title: `@` and its letters and digits."""
    return "@" + "".join(recurring_words(title))


def duration_of(video_id: str) -> int:
    """A believable duration in seconds for a video of which it is not known: mostly minutes, at times hours."""
    drawn = number("duration", video_id)
    return 30 + drawn % 870 if drawn >> 32 & 7 else 900 + drawn % 6300


def text_of(video: Video) -> str:
    """The words that the video is found by (see `words.search_text`)."""
    return search_text(
        (
            words(video.title),
            words(video.description),
            recurring_words(video.channel_title),
            *(recurring_words(tag) for tag in video.tags),
        )
    )
