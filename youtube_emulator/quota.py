"""What projects have used up of their quota. It is forgotten when the program ends.

A project has a bucket of searches and one of units for everything else; both are full again at midnight Pacific
time. Searches may be limited per minute, too: a search refused for that is not counted for the day.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from youtube_emulator import refusals
from youtube_emulator.keys import Project
from youtube_emulator.refusals import RefusedError
from youtube_emulator.times import Clock

_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Limits:
    """What each project may use; None is no limit."""

    searches_per_day: int = 100
    units_per_day: int = 10_000
    searches_per_minute: int | None = None


class Ledger:
    """Counts what projects use."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._day: date | None = None
        self._minute: int | None = None
        self._searches: Counter[Project] = Counter()
        self._units: Counter[Project] = Counter()
        self._searches_of_minute: Counter[Project] = Counter()

    def charge_search(self, project: Project) -> None:
        """Takes one search out of the project's bucket. Raises RefusedError when it is empty."""
        self._turn_pages()
        limits = self._limits
        if self._searches[project] >= limits.searches_per_day:
            raise RefusedError(refusals.searches_used_up(project.number, limits.searches_per_day, per_minute=False))
        per_minute = limits.searches_per_minute
        if per_minute is not None and self._searches_of_minute[project] >= per_minute:
            raise RefusedError(refusals.searches_used_up(project.number, per_minute, per_minute=True))
        self._searches[project] += 1
        self._searches_of_minute[project] += 1

    def charge_unit(self, project: Project) -> None:
        """Takes one unit out of the project's bucket. Raises RefusedError when it is empty."""
        self._turn_pages()
        if self._units[project] >= self._limits.units_per_day:
            raise RefusedError(refusals.units_used_up())
        self._units[project] += 1

    def _turn_pages(self) -> None:
        """Forgets the counts of another day or minute."""
        now = self._clock()
        day, minute = datetime.fromtimestamp(now, _PACIFIC).date(), int(now // 60)
        if day != self._day:
            self._day = day
            self._searches.clear()
            self._units.clear()
        if minute != self._minute:
            self._minute = minute
            self._searches_of_minute.clear()
