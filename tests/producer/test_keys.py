from datetime import timedelta

import pytest

from producer.keys import budget, choose_key, is_retired, usable_keys
from producer.quota import SearchLimit, next_reset, pacific_day
from schemas import ApiKey, KeyHealth, ProjectQuota
from tests.producer.model_search import START

LIMIT = SearchLimit(100)
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

    assert [key.id for key in usable_keys(keys, health)] == ["b", "c", "a"]


def test_the_first_key_is_chosen_while_its_project_has_searches_left():
    keys = [a_key("a"), a_key("b")]

    assert choose_key(keys, a_ledger("a", 99), LIMIT, START) == keys[0]
    assert choose_key(keys, a_ledger("a", 100), LIMIT, START) == keys[1]
    assert choose_key(keys, a_ledger("a", 1, searches_exhausted=True), LIMIT, START) == keys[1]


def test_a_project_that_is_used_up_is_so_for_all_its_keys():
    keys = [a_key("a", project="shared"), a_key("b", project="shared"), a_key("c")]

    assert choose_key(keys, a_ledger("shared", 100), LIMIT, START) == keys[2]


def test_with_nothing_left_or_no_key_none_is_chosen():
    assert choose_key([], {}, LIMIT, START) is None
    assert choose_key([a_key("a")], a_ledger("a", 100), LIMIT, START) is None


def test_after_the_reset_the_first_key_is_chosen_again():
    keys = [a_key("a"), a_key("b")]

    assert choose_key(keys, a_ledger("a", 100), LIMIT, next_reset(START)) == keys[0]


def test_a_budget_counts_a_project_once_however_many_keys_it_has():
    keys = [a_key("a", project="shared"), a_key("b", project="shared"), a_key("c")]

    found = budget(iter(keys), a_ledger("shared", 30), LIMIT, START)

    assert (found.keys, found.searches_left, found.searches_per_day) == (3, 170, 200)
    assert found.resets_at == next_reset(START)


def test_no_key_has_no_budget():
    assert budget([], {}, LIMIT, START).searches_left == 0
