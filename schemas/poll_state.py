"""What the producer knows of its own work: how far each subject is complete, and the quota each project has spent."""

import datetime as dt

from pydantic import Field, model_validator

from schemas.model import Contract
from schemas.times import UtcSecond


class Window(Contract):
    """A span of publication times, both ends included, in whole seconds."""

    start: UtcSecond
    end: UtcSecond

    @model_validator(mode="after")
    def _ordered(self) -> "Window":
        if self.start > self.end:
            raise ValueError(f"a window ends before it starts: {self.start} > {self.end}")
        return self


class Rhythm(Contract):
    """How often something publishes, by hour of the UTC day; what is long ago weighs less.

    Both are empty, or have 24 entries; `seen` videos in `watched_s` seconds that were looked at.
    """

    seen: tuple[float, ...] = ()
    watched_s: tuple[float, ...] = ()
    recent_seen: float = Field(default=0.0, description="Videos of the last day or so.")
    recent_expected: float = Field(default=0.0, description="As many as the two above let expect of the same time.")
    as_of: UtcSecond | None = Field(default=None, description="When the weights were last brought up to date.")


class SubjectProgress(Contract):
    """How far a subject is complete. The cursor of the design: everything in `covered` is on the raw topic."""

    id: str
    covered: tuple[Window, ...] = Field(default=(), description="Disjoint, oldest first.")
    first_poll_at: UtcSecond | None = Field(default=None, description="When it was first polled.")
    last_poll_at: UtcSecond | None = Field(default=None, description="When the newest videos were last looked for.")
    last_gap_poll_at: UtcSecond | None = Field(
        default=None, description="When a gap in what is covered was last worked on."
    )
    found: int = Field(default=0, ge=0, description="Results published to the raw topic so far, repeats included.")
    new: int = Field(default=0, ge=0, description="Videos first found by this subject's searches so far.")
    rhythm: Rhythm = Field(default=Rhythm(), description="Of videos that only the search finds.")
    pages_per_poll: float = Field(default=1.0, ge=1, description="Searches that a live poll takes, on average.")
    lateness_s: int = Field(default=0, ge=0, description="How late videos turn up: the longest seen of late.")
    last_deep_poll_at: UtcSecond | None = Field(
        default=None, description="When a live poll last looked back as far as videos turn up late."
    )
    past_windows_done: int = Field(default=0, ge=0, description="Windows of the past that were completed.")

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"subject/{self.id}"


class ChannelProgress(Contract):
    """A channel whose uploads are followed, and how far."""

    id: str = Field(description="The channel id, `UC...`.")
    title: str = ""
    subjects: dict[str, int] = Field(default_factory=dict, description="Matching uploads seen, by subject id.")
    rhythm: Rhythm = Field(default=Rhythm(), description="Of uploads that match a subject.")
    last_poll_at: UtcSecond | None = None
    newest_at: UtcSecond | None = Field(default=None, description="Publication of the newest upload seen.")
    complete_from: UtcSecond | None = Field(
        default=None, description="All uploads published from then to `newest_at` are on the lookup topic."
    )
    matched_at: UtcSecond | None = Field(default=None, description="Publication of the newest matching upload.")

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"channel/{self.id}"


class ProjectQuota(Contract):
    """What a project has spent on one Pacific day. YouTube counts per project, not per key."""

    id: str
    day: dt.date = Field(description="The day in America/Los_Angeles, where quota resets at midnight.")
    searches: int = Field(default=0, ge=0, description="Reserved in the bucket of `search.list` calls.")
    units: int = Field(default=0, ge=0, description="Units reserved in the bucket of all other calls.")
    searches_exhausted: bool = Field(default=False, description="YouTube said so, whatever was counted here.")
    searches_exhausted_at: UtcSecond | None = Field(default=None, description="When YouTube said so.")
    units_exhausted: bool = False
    units_exhausted_at: UtcSecond | None = None

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"project/{self.id}"
