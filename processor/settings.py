"""Settings of the processor."""

from pydantic import Field

from schemas.settings import CommonSettings


class ProcessorSettings(CommonSettings):
    """What the processor reads from the environment and `.env`."""

    processor_instance_id: str | None = Field(
        default=None,
        description="Name of this worker for static group membership: it takes up its partitions at once after a crash.",
    )
    processor_batch: int = Field(default=2000, ge=1, le=10_000, description="Most records a batch holds.")
