"""Saved searches whose new matches are posted to a webhook, and how far each was told. Written by the query API."""

from pydantic import Field

from schemas.model import Contract
from schemas.times import UtcSecond


class Alert(Contract):
    """A saved search. Its secret and the webhook's address, which may be one itself, are stored encrypted only."""

    id: str
    name: str
    filters: dict[str, str] = Field(description="As `GET /search` takes them.")
    webhook: str = Field(description="What people are shown of its address: the origin.")
    secret: str = Field(
        default="", description="Empty. Older versions wrote its last four characters here, and need the field."
    )
    encrypted: str = Field(description="Fernet token of a JSON object with `webhook` and `secret`.")
    created_at: UtcSecond = Field(description="What was first seen before is no new match.")
    starts_at: dict[int, int] = Field(description="Where `youtube.videos` ended then: the next offset by partition.")

    @property
    def key(self) -> str:
        """Its key on the topic of alerts."""
        return f"alert/{self.id}"


class AlertProgress(Contract):
    """How far an alert was told, and how that went."""

    id: str = Field(description="The alert's.")
    positions: dict[int, int] = Field(
        description="Matches before were delivered or given up: the next offset of `youtube.videos` by partition."
    )
    sent: tuple[str, ...] = Field(default=(), description="Ids of the last videos that were delivered or given up.")
    delivered: int = Field(default=0, ge=0, description="Videos that the webhook accepted.")
    last_delivered_at: UtcSecond | None = None
    given_up: int = Field(default=0, ge=0, description="Videos that are dead letters, as the webhook took them not.")
    failed_attempts: int = Field(default=0, ge=0, description="In a row; 0 while all is well.")
    failing_since: UtcSecond | None = None
    last_failure: str | None = Field(default=None, description="Why the last attempt that failed did.")

    @property
    def key(self) -> str:
        """Its key on the topic of alerts."""
        return f"progress/{self.id}"
