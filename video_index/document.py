"""What both engines derive from a video to find and to sort it. Derived again at every write, never read back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

from schemas import Video
from video_index.words import BREAK, stems, words_of_fields

_TIE_BITS = 30
_LAST_SECOND = 2**33 - 1


@dataclass(frozen=True, slots=True)
class Derived:
    """Space-separated words, which the engines split at the spaces and leave as they are; and the place by date.

    `title`, `channel` and `all` (which adds description and tags) hold stems, `whole_title`, `whole_channel` and
    `whole` the distinct words before stemming. `has_details` is not left to the engines, which see nothing in details
    that are empty.
    """

    title: str
    channel: str
    all: str
    whole_title: str
    whole_channel: str
    whole: str
    sort_key: int
    has_details: bool


def derive(video: Video) -> Derived:
    """The fields that a video is found and sorted by."""
    tags = video.details.tags if video.details is not None else ()
    whole = words_of_fields((video.title, video.channel_title, video.description, *tags))
    together = " ".join(stems(whole))
    title, channel, _ = together.split(BREAK, 2)
    title_end = whole.index(BREAK)
    channel_end = whole.index(BREAK, title_end + 1)
    return Derived(
        title=title.rstrip(),
        channel=channel.strip(),
        all=together,
        whole_title=_distinct(whole[:title_end]),
        whole_channel=_distinct(whole[title_end + 1 : channel_end]),
        whole=_distinct(whole),
        sort_key=sort_key(video),
        has_details=video.details is not None,
    )


def _distinct(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))


def sort_key(video: Video) -> int:
    """One number that sorts by publication; videos of the same second stand in the order of a hash of their ids.

    The upper 33 bits are seconds since 1970 (clamped in the year 2242), the lower 30 the hash. One field is what
    tantivy sorts by, and a cursor into the results is one number.
    """
    return first_sort_key(video.published_at) | crc32(video.video_id.encode()) >> (32 - _TIE_BITS)


def first_sort_key(moment: datetime) -> int:
    """The smallest key that a video published in this second can have."""
    return min(max(0, int(moment.timestamp())), _LAST_SECOND) << _TIE_BITS


def last_sort_key(moment: datetime) -> int:
    """The largest key that a video published in this second can have."""
    return first_sort_key(moment) | (1 << _TIE_BITS) - 1


def moment_of(key: int) -> datetime:
    """When the video with this sort key was published."""
    return datetime.fromtimestamp(key >> _TIE_BITS, UTC)


def sort_keys_within(seconds: int) -> int:
    """How many sort keys there are in so many seconds."""
    return seconds << _TIE_BITS
