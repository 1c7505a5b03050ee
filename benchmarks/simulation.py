"""A month of polling, simulated: the producer's own decisions, poller and learning, on a YouTube in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from benchmarks.simulated_world import HOUR, START, Publication, SimulatedSubject, search
from producer.answers import SearchPage
from producer.channels import SEEN_TWICE
from producer.errors import NoCallLeftError
from producer.hourly_rates import HOURS, HourlyRates
from producer.keys import Budget
from producer.pace import Contender, turns
from producer.poller import Poller
from producer.polls import Pacing, Poll, Wait
from producer.quota import PACIFIC, next_reset
from producer.reach import CallPurpose
from producer.recent import Recent
from producer.schedule import next_action
from producer.youtube import SearchRequest
from schemas import Rhythm, Subject, SubjectProgress

PER_DAY = 100
UNITS_PER_DAY = 10_000
_SECOND = timedelta(seconds=1)
_REPLAN = timedelta(hours=6)
_SETTLED = timedelta(days=2)
"""Videos of the last two days are not counted as missed: another poll may find them."""

Decide = Callable[["Simulation", Budget], Poll | Wait]


@dataclass
class Result:
    """What a policy did."""

    delays_s: list[float]
    missed: int
    unspent: float
    dry_at: str
    searches: int

    @property
    def mean_delay_s(self) -> float:
        """From publication to being found; late showing included."""
        return sum(self.delays_s) / len(self.delays_s) if self.delays_s else float("nan")


@dataclass
class Simulation:
    """Runs one policy. It plays the clock, the notebook, the searcher and the log of the real poller."""

    subjects: list[SimulatedSubject]
    days: int
    decide: Decide
    channels: bool = False
    now: datetime = START
    left: int = PER_DAY
    progress: dict[str, SubjectProgress] = field(default_factory=dict)
    found_at: dict[str, datetime] = field(default_factory=dict)
    recent: Recent = field(default_factory=Recent)
    source: str = "simulated"
    unspent: list[int] = field(default_factory=list)
    dry: list[timedelta] = field(default_factory=list)
    searches: int = 0

    def __post_init__(self) -> None:
        self.by_query = {each.subject.query: each for each in self.subjects}
        self.followed = [each.subject for each in self.subjects]
        self._poller = Poller(self, self, self, _Clock(self), self.recent)  # type: ignore[arg-type]
        self._uploads = _Uploads(self) if self.channels else None
        self._spent_at = START

    def run(self) -> Result:
        """All days."""
        end = START + timedelta(days=self.days)
        reset = next_reset(self.now)
        while self.now < end:
            if self.now >= reset:
                self._end_day(reset)
                reset = next_reset(self.now)
            if self._uploads:
                self._uploads.catch_up(reset)
            action = self.decide(self, Budget(1, self.left, PER_DAY, reset))
            if isinstance(action, Wait) or not self.left:
                until = action.until if isinstance(action, Wait) else reset
                self.now = min(reset, max(self.now + _SECOND, until))
                continue
            try:
                self._poller.poll(action)
            except NoCallLeftError:
                continue
        return self._result(end)

    # --- what the poller is given

    def search(self, request: SearchRequest, _: CallPurpose) -> SearchPage:
        """Spends a search."""
        if not self.left:
            raise NoCallLeftError
        self.left -= 1
        self.searches += 1
        self._spent_at = self.now
        self.now += _SECOND
        page = search(self.by_query[request.query], request.window, request.page_token, self.now)
        for item in page.items:
            if item.video_id:
                self.found_at.setdefault(item.video_id, self.now)
        return page

    def publish(self, _: Any) -> None:  # noqa: ANN401 - records that nobody reads
        """Nothing: what is found is noted by `search`."""

    def write(self, note: SubjectProgress) -> None:
        """Notes progress."""
        self.progress[note.id] = note

    # --- the rest

    def _end_day(self, reset: datetime) -> None:
        self.unspent.append(self.left)
        if not self.left:
            self.dry.append(reset - self._spent_at)
        self.left = PER_DAY

    def _result(self, end: datetime) -> Result:
        delays, missed = [], 0
        for each in (video for subject in self.subjects for video in subject.publications):
            found = self.found_at.get(each.video_id)
            if found is not None:
                delays.append((found - each.published_at).total_seconds())
            elif each.shown_at < end - _SETTLED:
                missed += 1
        earliest = max(self.dry, default=timedelta(0))
        dry_at = (datetime(2026, 1, 2, tzinfo=PACIFIC) - earliest).strftime("%H:%M") if self.dry else "never"
        return Result(delays, missed, sum(self.unspent) / (PER_DAY * len(self.unspent)), dry_at, self.searches)


@dataclass
class _Clock:
    simulation: Simulation

    def now(self) -> datetime:
        return self.simulation.now


class _Uploads:
    """Channels followed through their uploads: a model of `producer.uploads`, with its pacing.

    A video of a followed channel is found after a part, even by chance, of the pause between two readings.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._chance = Random(7)
        self._pending = sorted(
            ((video, each.subject.id) for each in simulation.subjects for video in each.publications),
            key=lambda pair: pair[0].published_at,
        )
        self._next = 0
        self._counts: dict[str, int] = {}
        self._delays: Mapping[str, float] = {}
        self._planned_at: datetime | None = None
        self._found: list[tuple[datetime, Publication, str]] = []

    def catch_up(self, reset: datetime) -> None:
        """All that was published and found until now."""
        now = self._simulation.now
        if self._planned_at is None or now - self._planned_at >= _REPLAN:
            self._plan(reset)
        while self._next < len(self._pending) and self._pending[self._next][0].published_at <= now:
            video, subject_id = self._pending[self._next]
            self._next += 1
            delay = self._delays.get(video.channel)
            if delay is not None:
                found = video.published_at + timedelta(seconds=self._chance.uniform(0, 2 * delay))
                self._found.append((found, video, subject_id))
            self._counts[video.channel] = self._counts.get(video.channel, 0) + 1
        self._found.sort(key=lambda each: each[0], reverse=True)
        while self._found and self._found[-1][0] <= now:
            found, video, subject_id = self._found.pop()
            before = self._simulation.found_at.get(video.video_id)
            self._simulation.found_at[video.video_id] = min(found, before or found)
            self._simulation.recent.seen(subject_id, [video.video_id])

    def _plan(self, reset: datetime) -> None:
        now = self._planned_at = self._simulation.now
        elapsed = max(1.0, (now - START).total_seconds())
        contenders = [
            Contender(channel, HourlyRates([count / elapsed] * HOURS), now)
            for channel, count in self._counts.items()
            if count >= SEEN_TWICE
        ]
        units = UNITS_PER_DAY * ((reset - now) / timedelta(days=1))
        planned = turns(contenders, units, reset, now, shortest=timedelta(minutes=1))
        self._delays = {channel: turn.expected_delay_s for channel, turn in planned.items()}


def learnt(simulation: Simulation, budget: Budget) -> Poll | Wait:
    """As the product does it."""
    return next_action(
        simulation.followed, simulation.progress, budget, simulation.now, Pacing(None, timedelta(hours=2))
    )


def hindsight(simulation: Simulation, budget: Budget) -> Poll | Wait:
    """The same pace with the rates that subjects will really have in the next 24 hours."""
    return _with_rhythms(simulation, budget, lambda subject: _true_rhythm(simulation, subject))


def equal_share(simulation: Simulation, budget: Budget) -> Poll | Wait:
    """Every subject as often as any other, at any hour."""
    return _with_rhythms(simulation, budget, lambda _: _certain([1.0] * HOURS))


def until_it_is_gone(simulation: Simulation, budget: Budget) -> Poll | Wait:
    """Every minute the next subject, as long as there are searches: what such tools commonly do."""
    pacing = Pacing(timedelta(minutes=len(simulation.followed)), timedelta(hours=2))
    return next_action(simulation.followed, simulation.progress, budget, simulation.now, pacing)


def _with_rhythms(simulation: Simulation, budget: Budget, rhythm_of: Callable[[Subject], Rhythm]) -> Poll | Wait:
    known = {
        subject.id: (simulation.progress.get(subject.id) or SubjectProgress(id=subject.id)).model_copy(
            update={"rhythm": rhythm_of(subject)}
        )
        for subject in simulation.followed
    }
    return next_action(simulation.followed, known, budget, simulation.now, Pacing(None, timedelta(hours=2)))


def _true_rhythm(simulation: Simulation, subject: Subject) -> Rhythm:
    simulated = simulation.by_query[subject.query]
    hour = simulation.now.replace(minute=0, second=0)
    hourly = [0.0] * HOURS
    for ahead in range(HOURS):
        moment = hour + ahead * HOUR
        hourly[moment.hour] = simulated.rate_at(moment)
    return _certain(hourly)


def _certain(hourly: list[float]) -> Rhythm:
    """Rates per hour, known without a doubt."""
    watched_s = 1e9
    seen = tuple(rate / 3600 * watched_s for rate in hourly)
    return Rhythm(seen=seen, watched_s=(watched_s,) * HOURS)
