"""What a record tells of a video: that it was seen, what it was looked up to be, or that it is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from schemas import Video


class UnusableRecordError(ValueError):
    """The record can never tell of a video; the text says what was wrong and what is accepted."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A subject's poll found the video. `tells_live` is off where YouTube does not say whether it is live."""

    video: Video
    tells_live: bool = True

    @property
    def video_id(self) -> str:
        """Id of the video."""
        return self.video.video_id

    @property
    def fetched_at(self) -> datetime:
        """When YouTube answered."""
        return self.video.updated_at


@dataclass(frozen=True, slots=True)
class LookedUp:
    """All that YouTube has of the video, its details among it; found by no subject."""

    video: Video

    @property
    def video_id(self) -> str:
        """Id of the video."""
        return self.video.video_id

    @property
    def fetched_at(self) -> datetime:
        """When YouTube answered."""
        return self.video.updated_at


@dataclass(frozen=True, slots=True)
class Gone:
    """YouTube had no such video any more, or it may not be kept any longer.

    With a `subject`, that is followed no more: the video stays if another subject found it.
    """

    video_id: str
    fetched_at: datetime
    subject: str | None = None


Event: TypeAlias = Sighting | LookedUp | Gone
