"""Which key searches next: a key that is not retired, of a project that has searches left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from producer.quota import SearchLimit, ledger_of_today, next_reset, searches_left
from schemas import ApiKey, KeyHealth, ProjectQuota


@dataclass(frozen=True, slots=True)
class Budget:
    """What all usable keys together may still spend today. `keys` of 0 says that there is none."""

    keys: int
    searches_left: int
    searches_per_day: int
    resets_at: datetime


def is_retired(key: ApiKey, health: KeyHealth | None) -> bool:
    """Whether YouTube refused the key since it was added; `health` is what is known of it, if anything."""
    return health is not None and health.refuses(key)


def usable_keys(keys: Iterable[ApiKey], health: Mapping[str, KeyHealth]) -> list[ApiKey]:
    """The keys that are not retired, in the order in which they are spent: first added, first used up."""
    return sorted(
        (key for key in keys if not is_retired(key, health.get(key.id))), key=lambda key: (key.added_at, key.id)
    )


def choose_key(
    keys: Iterable[ApiKey], quotas: Mapping[str, ProjectQuota], limit: SearchLimit, now: datetime
) -> ApiKey | None:
    """The first of the usable `keys` whose project has a search left today."""
    for key in keys:
        if searches_left(ledger_of_today(quotas.get(key.project), key.project, now), limit, now):
            return key
    return None


def budget(keys: Iterable[ApiKey], quotas: Mapping[str, ProjectQuota], limit: SearchLimit, now: datetime) -> Budget:
    """What the usable `keys` may spend; keys of one project share what it has."""
    keys = list(keys)
    projects = {key.project for key in keys}
    return Budget(
        keys=len(keys),
        searches_left=sum(
            searches_left(ledger_of_today(quotas.get(project), project, now), limit, now) for project in projects
        ),
        searches_per_day=limit.searches * len(projects),
        resets_at=next_reset(now),
    )
