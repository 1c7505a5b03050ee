"""Subjects that publish at very different and changing rates, and a YouTube that shows it, for the simulation."""

import math
import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from producer.answers import FoundItem, SearchPage
from schemas import Subject, Window, format_utc

START = datetime(2026, 10, 20, 7, 0, tzinfo=UTC)
"""Midnight in Los Angeles; the clocks change within the 30 days that follow, on 1 November."""

HOUR = timedelta(hours=1)
CAP = 500
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Publication:
    """A video; the search shows it from `shown_at` on."""

    video_id: str
    channel: str
    published_at: datetime
    shown_at: datetime


@dataclass
class SimulatedSubject:
    """A subject with the rates that it really has, in videos per hour, for every hour from START on."""

    subject: Subject
    hourly: list[float]
    publications: list[Publication]
    times: list[datetime] = field(default_factory=list)

    def rate_at(self, moment: datetime) -> float:
        """Videos per hour."""
        hour = int((moment - START) / HOUR)
        return self.hourly[min(max(hour, 0), len(self.hourly) - 1)]


def make_subjects(count: int, days: int, seed: int) -> list[SimulatedSubject]:
    """Subjects with half a video to some fifty a day, each with a rhythm of day and week, drift and bursts."""
    chance = random.Random(f"{seed}-{count}-{days}")
    return [
        _make(f"subject-{number:02}", 10 ** (-0.3 + 2.0 * (number + 0.5) / count), days, chance)
        for number in range(count)
    ]


def search(simulated: SimulatedSubject, window: Window, token: str | None, now: datetime) -> SearchPage:
    """The page that YouTube's search would show at `now`, newest first."""
    first = bisect_left(simulated.times, window.start)
    last = bisect_right(simulated.times, window.end)
    shown = [each for each in reversed(simulated.publications[first:last]) if each.shown_at <= now][:CAP]
    start = int(token or 0)
    page = shown[start : start + _PAGE]
    more = str(start + _PAGE) if len(shown) > start + _PAGE else None
    return SearchPage(tuple(FoundItem(b"{}", each.video_id, each.published_at, each.channel) for each in page), more)


def _make(name: str, per_day: float, days: int, chance: random.Random) -> SimulatedSubject:
    phase, depth, weekend = chance.uniform(0, 24), chance.uniform(0.2, 0.9), chance.uniform(0.4, 1.3)
    level, burst, hourly = 1.0, 0.0, []
    for hour in range(days * 24):
        level *= math.exp(chance.gauss(0, 0.02))
        burst = max(0.0, burst * 0.85 + (chance.uniform(2, 6) if chance.random() < 1 / 240 else 0.0))
        day = 1 + depth * math.cos((hour - phase) / 24 * 2 * math.pi)
        hourly.append(per_day / 24 * day * level * (1 + burst) * (weekend if hour // 24 % 7 >= 5 else 1.0))
    subject = Subject(id=name, query=name, since=START, followed_at=START)
    publications = _publish(name, hourly, chance)
    return SimulatedSubject(subject, hourly, publications, [each.published_at for each in publications])


def _publish(name: str, hourly: list[float], chance: random.Random) -> list[Publication]:
    channels = [f"{name}-{number}" for number in range(40)]
    weights = [1 / (number + 1) for number in range(40)]
    moments = sorted(
        START + hour * HOUR + timedelta(seconds=int(chance.uniform(0, 3600)))
        for hour, rate in enumerate(hourly)
        for _ in range(_poisson(rate, chance))
    )
    found = []
    for number, moment in enumerate(moments):
        late_s = min(5400.0, chance.expovariate(1 / 1200)) if chance.random() < 0.1 else 0.0
        [channel] = chance.choices(channels, weights)
        found.append(Publication(f"{name}-{number}", channel, moment, moment + timedelta(seconds=int(late_s))))
    return found


def _poisson(mean: float, chance: random.Random) -> int:
    count, product, floor = 0, chance.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * chance.random()
    return count


def describe(subjects: list[SimulatedSubject]) -> str:
    """How many videos there are in all, and of the quietest and the busiest subject."""
    counts = sorted(len(each.publications) for each in subjects)
    return f"{sum(counts):,} videos; {counts[0]:,} to {counts[-1]:,} a subject, from {format_utc(START)} on"
