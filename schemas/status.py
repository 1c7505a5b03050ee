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
    last_poll_at: UtcSecond | None
    next_poll_at: UtcSecond | None = Field(description="None while nothing can be planned.")
    found: int = Field(description="Results so far, repeats included.")
    new: int = Field(description="Videos first found by its searches so far.")
    expected_delay_s: float | None = Field(
        description="Mean time from publication to being found, as planned for today; None while not known."
    )
    channels: int = Field(description="Channels whose uploads are followed for it.")
    backfill: BackfillStatus | None = Field(description="None when there is no past to fetch.")
    trouble: str | None = Field(default=None, description="Why it is not searched at the moment.")


class ProjectStatus(Contract):
    """The quota of a project."""

    id: str
    keys: tuple[str, ...] = Field(description="Its usable keys, masked.")
    searches_left: int
    searches_per_day: int
    units_left: int
    units_per_day: int
    resets_at: UtcSecond


class ProducerStatus(Contract):
    """The producer's work as of `at`."""

    id: str = "producer"
    at: UtcSecond
    instance: str = Field(description="Which producer this is, of several.")
    waiting: str | None = Field(description="Why nothing is searched; None while all is as planned.")
    waiting_until: UtcSecond | None = None
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
