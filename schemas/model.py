"""The base of every contract model."""

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """A frozen value that is written to the log or the index.

    Unknown fields are ignored on reading, so that an older service can read what a newer one wrote.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    def to_json(self) -> bytes:
        """UTF-8 JSON, as it is stored in a record's value."""
        return self.model_dump_json().encode()
