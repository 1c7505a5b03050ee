"""Items of `videos.list` and `playlistItems.list`, as far as the product uses them. Texts are not HTML-escaped.

https://developers.google.com/youtube/v3/docs/videos#resource
https://developers.google.com/youtube/v3/docs/playlistItems#resource
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from schemas import UtcSecond, VideoDetails
from schemas.model import Contract
from schemas.raw import Snippet
from schemas.thumbnails import Thumbnails

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_COUNT = re.compile(r"\d{1,18}", re.ASCII)
_LONGEST_S = 2**31 - 1


def duration_s(text: object) -> int | None:
    """Seconds of an ISO 8601 duration; None for what is none, which is no reason to lose the rest.

    YouTube writes `P0D` for a live or upcoming video.

    >>> duration_s("PT1H2M3S"), duration_s("P1DT1S"), duration_s("P0D")
    (3723, 86401, 0)
    """
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None or not any(found.groups()):
        return None
    total = sum(int(found[unit] or 0) * seconds for unit, seconds in _SECONDS.items())
    return total if total <= _LONGEST_S else None


def count(text: object) -> int | None:
    """A count, which YouTube writes as a string; None for what is none."""
    return int(text) if isinstance(text, str) and _COUNT.fullmatch(text) else None


_Duration = Annotated[int | None, BeforeValidator(duration_s)]
_Count = Annotated[int | None, BeforeValidator(count)]


class ContentDetails(Contract):
    """`contentDetails` of a video."""

    duration: _Duration = None


class Statistics(Contract):
    """`statistics` of a video. Hidden counts are absent."""

    view_count: _Count = Field(default=None, alias="viewCount")
    like_count: _Count = Field(default=None, alias="likeCount")
    comment_count: _Count = Field(default=None, alias="commentCount")


class VideoSnippet(Snippet):
    """`snippet` of a video: that of a search result, not escaped, and more."""

    tags: tuple[str, ...] = ()
    category_id: str | None = Field(default=None, alias="categoryId")
    default_audio_language: str | None = Field(default=None, alias="defaultAudioLanguage")


class VideoItem(Contract):
    """A `youtube#video` with the parts snippet, contentDetails and statistics."""

    id: str = Field(min_length=1, max_length=64)
    snippet: VideoSnippet
    content_details: ContentDetails = Field(default=ContentDetails(), alias="contentDetails")
    statistics: Statistics = Statistics()

    @property
    def details(self) -> VideoDetails:
        """What it tells beyond a search result."""
        return VideoDetails(
            duration_s=self.content_details.duration,
            tags=self.snippet.tags,
            category_id=self.snippet.category_id,
            default_audio_language=self.snippet.default_audio_language,
            view_count=self.statistics.view_count,
            like_count=self.statistics.like_count,
            comment_count=self.statistics.comment_count,
        )


class UploadSnippet(Contract):
    """`snippet` of a playlist item. Its `publishedAt`, when the video was added to the list, is not used."""

    channel_id: str = Field(alias="channelId")
    title: str
    description: str = ""
    channel_title: str = Field(default="", alias="channelTitle")
    owner_id: str | None = Field(default=None, alias="videoOwnerChannelId")
    owner_title: str | None = Field(default=None, alias="videoOwnerChannelTitle")
    thumbnails: Thumbnails = Field(default_factory=dict)


class UploadDetails(Contract):
    """`contentDetails` of a playlist item. A private or deleted video has no time of publication."""

    video_id: str = Field(alias="videoId", min_length=1, max_length=64)
    published_at: UtcSecond | None = Field(default=None, alias="videoPublishedAt")


class UploadItem(Contract):
    """A `youtube#playlistItem` with the parts snippet and contentDetails."""

    snippet: UploadSnippet
    content_details: UploadDetails = Field(alias="contentDetails")
