"""Settings of the processor."""

from pydantic import Field

from schemas.settings import WatchedSettings


class ProcessorSettings(WatchedSettings):
    """What the processor reads from the environment and `.env`."""

    processor_instance_id: str | None = Field(
        default=None,
        description="Name of this worker for static group membership: a crashed worker goes on at once.",
    )
    processor_batch: int = Field(default=2000, ge=1, le=10_000, description="Most records taken from Kafka at once.")
