"""The ledger: what a project has spent on one Pacific day, and what it may still spend.

Quota belongs to a project and resets at midnight Pacific time, daylight saving included
(https://developers.google.com/youtube/v3/getting-started#quota). It has two buckets: one of searches, and one of
units for every other call. What is reserved is an amount of the bucket, cost included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from schemas import ProjectQuota

PACIFIC = ZoneInfo("America/Los_Angeles")

_RESET_LAG = timedelta(minutes=15)
"""How long after midnight YouTube may still count the day before."""


class Bucket(Enum):
    """What calls are counted in; the value is the ledger's field."""

    SEARCHES = "searches"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Limit:
    """The size of a daily bucket, and what one call takes out of it."""

    per_day: int
    cost: int = 1

    @property
    def calls(self) -> int:
        """Calls a day."""
        return self.per_day // self.cost


@dataclass(frozen=True, slots=True)
class Limits:
    """What a project may spend on a day: `search.list` calls, and all others."""

    searches: Limit = Limit(100)
    units: Limit = Limit(10_000)

    def of(self, bucket: Bucket) -> Limit:
        """That bucket's."""
        return self.searches if bucket is Bucket.SEARCHES else self.units


def pacific_day(now: datetime) -> date:
    """The day whose quota is spent at `now`."""
    return now.astimezone(PACIFIC).date()


def next_reset(now: datetime) -> datetime:
    """The next midnight Pacific time, in UTC."""
    return _midnight(pacific_day(now) + timedelta(days=1))


def ledger_of_today(ledger: ProjectQuota | None, project: str, now: datetime) -> ProjectQuota:
    """The project's ledger as it counts at `now`: a fresh one when `ledger` is of a day before.

    One of the day after is kept, so that a clock set back over midnight does not spend twice.
    """
    today = pacific_day(now)
    if ledger is not None and today <= ledger.day <= today + timedelta(days=1):
        return ledger
    return ProjectQuota(id=project, day=today)


def calls_left(ledgers: Iterable[ProjectQuota], bucket: Bucket, limit: Limit, now: datetime) -> int:
    """How many calls may still be reserved on the ledgers of today that one project has."""
    spent = 0
    for ledger in ledgers:
        if _is_exhausted(ledger, bucket, now):
            return 0
        spent += getattr(ledger, bucket.value)
    return max(0, limit.per_day - spent) // limit.cost


def reserve(ledger: ProjectQuota, bucket: Bucket, limit: Limit) -> ProjectQuota:
    """The ledger to write before a call is sent."""
    return _changed(ledger, bucket, limit.cost)


def give_back(ledger: ProjectQuota, bucket: Bucket, limit: Limit) -> ProjectQuota:
    """The ledger after a reserved call that surely never reached YouTube."""
    return _changed(ledger, bucket, -limit.cost)


def exhaust(ledger: ProjectQuota, bucket: Bucket, now: datetime) -> ProjectQuota:
    """The ledger after YouTube said that the day's bucket is used up."""
    return ledger.model_copy(update={f"{bucket.value}_exhausted": True, f"{bucket.value}_exhausted_at": now})


def _changed(ledger: ProjectQuota, bucket: Bucket, amount: int) -> ProjectQuota:
    return ledger.model_copy(update={bucket.value: max(0, getattr(ledger, bucket.value) + amount)})


def _is_exhausted(ledger: ProjectQuota, bucket: Bucket, now: datetime) -> bool:
    exhausted, said_at = (
        (ledger.searches_exhausted, ledger.searches_exhausted_at)
        if bucket is Bucket.SEARCHES
        else (ledger.units_exhausted, ledger.units_exhausted_at)
    )
    if not exhausted:
        return False
    # Said right after midnight, it may have meant the day before: it is believed for a while only.
    lag_ends = _midnight(ledger.day) + _RESET_LAG
    return said_at is None or said_at >= lag_ends or now < lag_ends


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PACIFIC).astimezone(UTC)
