"""The ledger of searches: what a project has spent on one Pacific day, and what it may still spend.

Quota belongs to a project and resets at midnight Pacific time, daylight saving included
(https://developers.google.com/youtube/v3/getting-started#quota). Only the bucket of searches is used here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas import ProjectQuota

PACIFIC = ZoneInfo("America/Los_Angeles")

_RESET_LAG = timedelta(minutes=15)
"""How long after midnight YouTube may still count the day before."""


@dataclass(frozen=True, slots=True)
class SearchLimit:
    """The size of a project's daily bucket, and what one search takes out of it."""

    per_day: int
    cost: int = 1

    @property
    def searches(self) -> int:
        """Searches a day."""
        return self.per_day // self.cost


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


def searches_left(ledger: ProjectQuota, limit: SearchLimit, now: datetime) -> int:
    """How many searches may still be reserved on a ledger of today."""
    return 0 if _is_exhausted(ledger, now) else max(0, limit.searches - ledger.searches)


def reserve_search(ledger: ProjectQuota) -> ProjectQuota:
    """The ledger to write before a search is sent."""
    return ledger.model_copy(update={"searches": ledger.searches + 1})


def give_back_search(ledger: ProjectQuota) -> ProjectQuota:
    """The ledger after a reserved search that surely never reached YouTube."""
    return ledger.model_copy(update={"searches": ledger.searches - 1})


def exhaust_searches(ledger: ProjectQuota, now: datetime) -> ProjectQuota:
    """The ledger after YouTube said that the day's searches are used up."""
    return ledger.model_copy(update={"searches_exhausted": True, "searches_exhausted_at": now})


def _is_exhausted(ledger: ProjectQuota, now: datetime) -> bool:
    if not ledger.searches_exhausted:
        return False
    # Said right after midnight, it may have meant the day before: it is believed for a while only.
    lag_ends = _midnight(ledger.day) + _RESET_LAG
    said_at = ledger.searches_exhausted_at
    return said_at is None or said_at >= lag_ends or now < lag_ends


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PACIFIC).astimezone(UTC)
