"""Headers of the records that the producer publishes, as far as the processor reads them."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from event_log import Record
from processor.events import UnusableRecordError
from schemas import parse_utc


class Headers:
    """The headers of a record. `accepted` ends the text of what is raised."""

    def __init__(self, record: Record, accepted: str) -> None:
        # Another writer's header may have no value, whatever its type says.
        self._values: Mapping[str, bytes] = {name: value for name, value in record.headers if value is not None}
        self._accepted = accepted

    def text(self, name: str) -> str:
        """A header's text. Raises UnusableRecordError where there is none."""
        try:
            return self._bytes(name).decode()
        except ValueError as error:
            raise UnusableRecordError(f"header {name}: {error}; {self._accepted}") from error

    def text_if_any(self, name: str) -> str | None:
        """A header's text, None where there is none. Raises UnusableRecordError for what is no text."""
        return self.text(name) if name in self._values else None

    def fetched_at(self) -> datetime:
        """When YouTube answered. Raises UnusableRecordError where that is not told."""
        value = self._bytes("ce_time")
        try:
            return _moment(value)
        except ValueError as error:
            raise UnusableRecordError(f"header ce_time: {error}; {self._accepted}") from error

    def _bytes(self, name: str) -> bytes:
        try:
            return self._values[name]
        except KeyError as missing:
            raise UnusableRecordError(f"header {missing} is missing; {self._accepted}") from missing


@lru_cache(maxsize=256)
def _moment(text: bytes) -> datetime:
    # The same for every item of a page.
    return parse_utc(text.decode())
