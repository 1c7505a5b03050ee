"""Which key calls next: a key that is not retired, of a project that has calls left.

A project goes by the name its keys were added with, or by the number YouTube told of one of them. Names that turn
out to be one number are one project: its spending is the sum of the ledgers of all its names, so that nothing has
to be moved when that is found out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from producer.quota import Bucket, Limits, calls_left, ledger_of_today, next_reset
from schemas import ApiKey, KeyHealth, ProjectQuota


@dataclass(frozen=True, slots=True)
class Project:
    """A project with a usable key. `id` is the ledger that its calls are reserved on, one of `ledgers`."""

    id: str
    ledgers: tuple[str, ...]
    keys: tuple[ApiKey, ...]

    def calls_left(self, bucket: Bucket, quotas: Mapping[str, ProjectQuota], limits: Limits, now: datetime) -> int:
        """How many calls it may still make today."""
        today = [ledger_of_today(quotas.get(ledger), ledger, now) for ledger in self.ledgers]
        return calls_left(today, bucket, limits.of(bucket), now)


@dataclass(frozen=True, slots=True)
class Budget:
    """What all usable keys together may still spend today. `keys` of 0 says that there is none."""

    keys: int
    searches_left: int
    searches_per_day: int
    resets_at: datetime
    units_left: int = 0
    units_per_day: int = 0


def is_retired(key: ApiKey, health: KeyHealth | None) -> bool:
    """Whether YouTube refused the key since it was added; `health` is what is known of it, if anything."""
    return health is not None and health.refuses(key)


def is_unchecked(key: ApiKey, health: KeyHealth | None) -> bool:
    """Whether YouTube neither accepted nor refused the key since it was added or a check was asked for."""
    return not is_retired(key, health) and not (health is not None and health.is_checked(key))


def projects(keys: Iterable[ApiKey], health: Mapping[str, KeyHealth]) -> list[Project]:
    """The projects with a usable key, in the order in which they are spent: first added, first used up."""
    keys = sorted(keys, key=lambda key: (key.added_at, key.id))
    numbers = {key.project: number for key in keys if (number := _number(health.get(key.id)))}
    names: dict[str, dict[str, None]] = {}
    usable: dict[str, list[ApiKey]] = {}
    for key in keys:
        project = numbers.get(key.project, key.project)
        names.setdefault(project, {project: None})[key.project] = None
        if not is_retired(key, health.get(key.id)):
            usable.setdefault(project, []).append(key)
    return [Project(project, tuple(names[project]), tuple(its_keys)) for project, its_keys in usable.items()]


def choose_key(
    candidates: Iterable[Project],
    bucket: Bucket,
    quotas: Mapping[str, ProjectQuota],
    limits: Limits,
    now: datetime,
) -> tuple[Project, ApiKey] | None:
    """The first project that has a call left in the bucket, and its first key."""
    for project in candidates:
        if project.calls_left(bucket, quotas, limits, now):
            return project, project.keys[0]
    return None


def budget(
    candidates: Iterable[Project], quotas: Mapping[str, ProjectQuota], limits: Limits, now: datetime
) -> Budget:
    """What these projects may spend."""
    candidates = list(candidates)
    return Budget(
        keys=sum(len(project.keys) for project in candidates),
        searches_left=sum(project.calls_left(Bucket.SEARCHES, quotas, limits, now) for project in candidates),
        searches_per_day=limits.searches.calls * len(candidates),
        resets_at=next_reset(now),
        units_left=sum(project.calls_left(Bucket.UNITS, quotas, limits, now) for project in candidates),
        units_per_day=limits.units.calls * len(candidates),
    )


def _number(health: KeyHealth | None) -> str | None:
    return health.project_number if health is not None else None
