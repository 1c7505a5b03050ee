"""A record that can never be processed, and why."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from schemas.model import Contract
from schemas.times import UtcSecond, format_utc, parse_utc

Headers = tuple[tuple[str, bytes], ...]


class DeadLetter(Contract):
    """Why a record was given up; travels in the dead letter's headers, whose key and value are the record's own."""

    reason: str = Field(description="What was wrong and what is accepted.")
    source_topic: str
    source_partition: int
    source_offset: int
    failed_at: UtcSecond

    def to_headers(self) -> Headers:
        """The record headers that stand for this dead letter."""
        return (
            ("reason", self.reason.encode()),
            ("source_topic", self.source_topic.encode()),
            ("source_partition", str(self.source_partition).encode()),
            ("source_offset", str(self.source_offset).encode()),
            ("failed_at", format_utc(self.failed_at).encode()),
        )

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes]]) -> Self:
        """The dead letter in a record's headers. Raises KeyError or ValueError on a record that is not one."""
        found = {name: value.decode("utf-8", "replace") for name, value in headers}
        return cls(
            reason=found["reason"],
            source_topic=found["source_topic"],
            source_partition=int(found["source_partition"]),
            source_offset=int(found["source_offset"]),
            failed_at=parse_utc(found["failed_at"]),
        )
