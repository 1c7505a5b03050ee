"""The video document: one per video, in the index and on `youtube.videos`."""

from pydantic import Field

from schemas.model import Contract
from schemas.thumbnails import Thumbnails
from schemas.times import UtcSecond

WATCH_URL = "https://www.youtube.com/watch?v="


class VideoDetails(Contract):
    """What `videos.list` adds to a search result. Counts are YouTube's own, as of `refreshed_at`."""

    duration_s: int | None = Field(default=None, ge=0, description="Length in seconds.")
    tags: tuple[str, ...] = ()
    category_id: str | None = None
    default_audio_language: str | None = Field(default=None, description="What is spoken, as a BCP 47 tag.")
    view_count: int | None = Field(default=None, ge=0)
    like_count: int | None = Field(default=None, ge=0)
    comment_count: int | None = Field(default=None, ge=0)


class Video(Contract):
    """Everything known of a video. Text is plain: HTML entities of the API are unescaped."""

    video_id: str
    title: str
    description: str
    channel_id: str
    channel_title: str
    published_at: UtcSecond
    thumbnails: Thumbnails = Field(description="By size name; the set of sizes is open.")
    live_broadcast_content: str = Field(description="`none`, `upcoming` or `live`.")
    subjects: tuple[str, ...] = Field(description="Ids of the subjects that found it, sorted.")
    first_seen_at: UtcSecond
    updated_at: UtcSecond = Field(description="The sighting that the text is from.")
    refreshed_at: UtcSecond = Field(description="When YouTube gave the oldest part of what is stored.")
    details: VideoDetails | None = None

    @property
    def url(self) -> str:
        """The watch page on YouTube."""
        return WATCH_URL + self.video_id
