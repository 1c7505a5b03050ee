import pytest

from stack.restarts import Restarts


def after(*lives_s: float) -> Restarts:
    restarts = Restarts()
    for life_s in lives_s:
        restarts = restarts.after(life_s)
    return restarts


def test_the_first_death_costs_next_to_nothing() -> None:
    assert after(3600).delay_s == 0.2
    assert not after(3600).hopeless


def test_quick_deaths_in_a_row_double_the_pause_up_to_half_a_minute() -> None:
    assert [after(*[1.0] * deaths).delay_s for deaths in range(1, 11)] == [
        0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30,
    ]  # fmt: skip


def test_a_life_of_some_length_starts_the_count_anew() -> None:
    assert after(1, 1, 1, 1, 60, 1) == Restarts(total=6, quick=2)


@pytest.mark.parametrize(("deaths", "hopeless"), [(4, False), (5, True)])
def test_five_quick_deaths_are_for_a_person_to_look_at(deaths: int, hopeless: bool) -> None:
    assert after(*[1.0] * deaths).hopeless is hopeless


def test_a_refusal_of_the_settings_is_so_at_once() -> None:
    assert Restarts().after_refusal().hopeless
    assert Restarts().after_refusal().total == 1
