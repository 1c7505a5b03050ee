from datetime import datetime, timedelta

import pytest

from producer.keys import budget, choose_key, is_retired, is_unchecked, projects
from producer.quota import Bucket, Limits, next_reset, pacific_day
from schemas import ApiKey, KeyHealth, ProjectQuota
from tests.producer.model_search import START

LIMITS = Limits()
SECOND = timedelta(seconds=1)


def a_key(name: str, *, project: str | None = None, added: int = 0) -> ApiKey:
    return ApiKey(
        id=name,
        project=project or name,
        encrypted="",
        masked="",
        source="api",
        added_at=START + timedelta(seconds=added),
    )


def a_ledger(project: str, searches: int = 0, **fields: object) -> dict[str, ProjectQuota]:
    return {project: ProjectQuota(id=project, day=pacific_day(START), searches=searches, **fields)}


def chosen(keys: list[ApiKey], quotas: dict[str, ProjectQuota], now: datetime = START) -> ApiKey | None:
    found = choose_key(projects(keys, {}), Bucket.SEARCHES, quotas, LIMITS, now)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("retired", "is_so"), [(None, False), (-1, False), (0, True), (1, True)], ids=["never", "before", "as", "after"]
)
def test_a_key_is_retired_when_youtube_refused_it_since_it_was_added(retired, is_so):
    at = None if retired is None else START + retired * SECOND

    assert is_retired(a_key("a"), KeyHealth(id="a", retired_at=at)) is is_so


def test_a_key_nothing_is_known_of_is_not_retired():
    assert not is_retired(a_key("a"), None)


def test_keys_are_spent_in_the_order_in_which_they_were_added_without_the_retired_ones():
    keys = [a_key("c", added=2), a_key("a", added=5), a_key("b", added=0), a_key("gone")]
    health = {"gone": KeyHealth(id="gone", retired_at=START)}

    assert [project.id for project in projects(keys, health)] == ["b", "c", "a"]


def test_the_first_key_is_chosen_while_its_project_has_searches_left():
    keys = [a_key("a"), a_key("b")]

    assert chosen(keys, a_ledger("a", 99)) == keys[0]
    assert chosen(keys, a_ledger("a", 100)) == keys[1]
    assert chosen(keys, a_ledger("a", 1, searches_exhausted=True)) == keys[1]


def test_a_project_that_is_used_up_is_so_for_all_its_keys():
    keys = [a_key("a", project="shared"), a_key("b", project="shared"), a_key("c")]

    assert chosen(keys, a_ledger("shared", 100)) == keys[2]


def test_with_nothing_left_or_no_key_none_is_chosen():
    assert chosen([], {}) is None
    assert chosen([a_key("a")], a_ledger("a", 100)) is None


def test_after_the_reset_the_first_key_is_chosen_again():
    keys = [a_key("a"), a_key("b")]

    assert chosen(keys, a_ledger("a", 100), next_reset(START)) == keys[0]


def test_a_budget_counts_a_project_once_however_many_keys_it_has():
    keys = [a_key("a", project="shared"), a_key("b", project="shared"), a_key("c")]

    found = budget(projects(keys, {}), a_ledger("shared", 30), LIMITS, START)

    assert (found.keys, found.searches_left, found.searches_per_day) == (3, 170, 200)
    assert found.resets_at == next_reset(START)


def test_no_key_has_no_budget():
    assert budget([], {}, LIMITS, START).searches_left == 0


def test_a_check_that_was_asked_for_gives_a_refused_key_another_chance():
    key = a_key("a").model_copy(update={"check_asked_at": START + 10 * SECOND})
    refused = KeyHealth(id="a", checked_at=START + SECOND, retired_at=START + SECOND)

    assert not is_retired(key, refused)
    assert is_unchecked(key, refused)
    assert not is_unchecked(key, refused.model_copy(update={"checked_at": START + 11 * SECOND}))


def test_names_that_turn_out_to_be_one_project_are_spent_as_one():
    keys = [a_key("a", project="mine"), a_key("b", project="yours"), a_key("c", project="mine")]
    health = {name: KeyHealth(id=name, project_number="projects/7") for name in ("a", "b")}

    [project] = projects(keys, health)

    assert set(project.ledgers) == {"mine", "yours", "projects/7"}
    quotas = a_ledger("mine", 40) | a_ledger("yours", 50) | a_ledger("projects/7", 5)
    assert project.calls_left(Bucket.SEARCHES, quotas, LIMITS, START) == 5
    assert budget([project], quotas, LIMITS, START).searches_per_day == 100


def test_a_retired_key_still_tells_which_names_are_one_project():
    keys = [a_key("a", project="mine"), a_key("b", project="yours")]
    health = {
        "a": KeyHealth(id="a", project_number="projects/7", retired_at=START),
        "b": KeyHealth(id="b", project_number="projects/7"),
    }

    [project] = projects(keys, health)

    assert [key.id for key in project.keys] == ["b"]
    assert project.calls_left(Bucket.SEARCHES, a_ledger("mine", 90), LIMITS, START) == 10
