"""What the producer tells of its work, for people to see. Written by the producer, on the poll state."""

from pydantic import Field

from schemas.model import Contract
from schemas.times import UtcSecond


class BackfillStatus(Contract):
    """How far the past of a subject, from its `since` to when it was followed, has been fetched."""

    windows_done: int
    windows_left: int = Field(description="0 when all of the past was fetched; an estimate before.")
    days_left: float | None = Field(description="Days of quota until then, as estimated; None when not known.")


class SubjectStatus(Contract):
    """A subject, what was done for it and what will be."""

    id: str
    query: str
    last_poll_at: UtcSecond | None = Field(
        description="When it was last searched for; without a query, when a channel of it was last read."
    )
    next_poll_at: UtcSecond | None = Field(description="None while nothing can be planned.")
    found: int = Field(description="Results so far, repeats included; without a query, uploads.")
    new: int = Field(description="Videos first found by its searches so far; without a query, uploads.")
    expected_delay_s: float | None = Field(
        description="Mean time from publication to being found, as planned for today; None while not known."
    )
    channels: int = Field(description="Channels whose uploads are followed for it.")
    backfill: BackfillStatus | None = Field(description="None when there is no past to fetch.")
    trouble: str | None = Field(
        default=None, description="Why it is not searched, or a channel of it not read, at the moment."
    )


class ProjectStatus(Contract):
    """The quota of a project."""

    id: str
    keys: tuple[str, ...] = Field(description="Its usable keys, masked.")
    searches_left: int
    searches_per_day: int
    units_left: int
    units_per_day: int
    resets_at: UtcSecond


class YouTubeAway(Contract):
    """That YouTube does not answer, or not all calls."""

    told: str = Field(description="Which calls fail, in words.")
    reason: str = Field(description="Of the last failure.")
    since: UtcSecond
    tried_again_at: UtcSecond | None = Field(description="None when it is not known.")
    stops_polling: bool = Field(description="Whether nothing is polled meanwhile.")
    stops_key_checks: bool


class ProducerStatus(Contract):
    """The producer's work as of `at`."""

    id: str = "producer"
    at: UtcSecond
    instance: str = Field(description="Which producer this is, of several.")
    waiting: str | None = Field(description="Why nothing is asked of YouTube; None while all is as planned.")
    waiting_until: UtcSecond | None = None
    youtube_away: YouTubeAway | None = Field(default=None, description="None while YouTube answers.")
    subjects: tuple[SubjectStatus, ...] = ()
    projects: tuple[ProjectStatus, ...] = ()
    channels: int = Field(default=0, description="Channels whose uploads are followed.")
    videos: int | None = Field(default=None, description="Videos in the index; None while it is away.")
    oldest_refreshed_at: UtcSecond | None = Field(
        default=None, description="`refreshed_at` of the video that was not refreshed for longest."
    )
    awaiting_details: int | None = Field(default=None, description="Videos not looked up yet.")

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"status/{self.id}"
