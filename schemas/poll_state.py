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


class SubjectProgress(Contract):
    """How far a subject is complete. The cursor of the design: everything in `covered` is on the raw topic."""

    id: str
    covered: tuple[Window, ...] = Field(default=(), description="Disjoint, oldest first.")
    last_poll_at: UtcSecond | None = Field(default=None, description="When the newest videos were last looked for.")
    last_gap_poll_at: UtcSecond | None = Field(
        default=None, description="When a gap in what is covered was last worked on."
    )
    found: int = Field(default=0, ge=0, description="Results published to the raw topic so far, repeats included.")

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"subject/{self.id}"


class ProjectQuota(Contract):
    """What a project has spent on one Pacific day. YouTube counts per project, not per key."""

    id: str
    day: dt.date = Field(description="The day in America/Los_Angeles, where quota resets at midnight.")
    searches: int = Field(default=0, ge=0, description="`search.list` calls reserved.")
    units: int = Field(default=0, ge=0, description="Units reserved in the bucket of all other calls.")
    searches_exhausted: bool = Field(default=False, description="YouTube said so, whatever was counted here.")
    searches_exhausted_at: UtcSecond | None = Field(default=None, description="When YouTube said so.")
    units_exhausted: bool = False

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"project/{self.id}"
