"""Since when the log has been away, as far as any request has noticed."""

from datetime import datetime

from schemas import utc_now


class Outage:
    """Remembers when an outage began. Threads may share it."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        """None while all is well."""

    def began(self, when: datetime | None = None) -> None:
        """Notes an outage; one that is known already began when it did."""
        self.since = self.since or when or utc_now()

    def ended(self) -> None:
        """Notes that the log answers."""
        self.since = None
