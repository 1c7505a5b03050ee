"""Charges projects for what they ask. What they have used is forgotten when the program ends, unless it is kept.

A project has a bucket of searches and one of units for everything else; both are full again at midnight Pacific
time. Searches may be limited per minute, too: a search refused for that is not counted for the day.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from youtube_emulator import key_refusals
from youtube_emulator.keys import Project
from youtube_emulator.refusals import Refusal, RefusalError
from youtube_emulator.times import Clock
from youtube_emulator.usage import Usage

_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Limits:
    """What each project may use; None is no limit."""

    searches_per_day: int = 100
    units_per_day: int = 10_000
    searches_per_minute: int | None = None


class Ledger:
    """Counts what projects use, on top of what they had used before, and hands each new count to `keep`."""

    def __init__(
        self,
        limits: Limits,
        clock: Clock,
        used: Usage | None = None,
        keep: Callable[[Usage], None] = lambda _: None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._usage = used or Usage()
        self._keep = keep
        self._minute: int | None = None
        self._searches_of_minute: Counter[Project] = Counter()

    def charge_search(self, project: Project) -> None:
        """Takes one search out of the project's bucket. Raises RefusalError when it is empty."""
        self._turn_pages()
        limits = self._limits
        if self._usage.of(project.consumer).searches >= limits.searches_per_day:
            self._refuse(project, key_refusals.searches_used_up(project.number, limits.searches_per_day))
        per_minute = limits.searches_per_minute
        if per_minute is not None and self._searches_of_minute[project] >= per_minute:
            self._refuse(project, key_refusals.searches_used_up(project.number, per_minute, per_minute=True))
        self._searches_of_minute[project] += 1
        self._add(project, searches=1)

    def charge_unit(self, project: Project) -> None:
        """Takes one unit out of the project's bucket. Raises RefusalError when it is empty."""
        self._turn_pages()
        if self._usage.of(project.consumer).units >= self._limits.units_per_day:
            self._refuse(project, key_refusals.units_used_up())
        self._add(project, units=1)

    def usage(self) -> Usage:
        """What has been used as of now."""
        self._turn_pages()
        return self._usage

    def _refuse(self, project: Project, refusal: Refusal) -> NoReturn:
        self._add(project, refused=1)
        raise RefusalError(refusal)

    def _add(self, project: Project, *, searches: int = 0, units: int = 0, refused: int = 0) -> None:
        self._usage.add(project.consumer, searches=searches, units=units, refused=refused)
        self._keep(self._usage)

    def _turn_pages(self) -> None:
        """Forgets the counts of another day or minute."""
        now = self._clock()
        day, minute = datetime.fromtimestamp(now, _PACIFIC).date().isoformat(), int(now // 60)
        if day != self._usage.day:
            self._usage.begin(day)
        if minute != self._minute:
            self._minute = minute
            self._searches_of_minute.clear()
