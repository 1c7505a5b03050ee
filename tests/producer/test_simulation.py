"""A few days of the simulation in `benchmarks/scheduling.py`: what must hold, whatever the times are."""

import pytest

from benchmarks.simulated_world import make_subjects
from benchmarks.simulation import Result, Simulation, equal_share, learnt, until_it_is_gone

DAYS = 4


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    subjects = make_subjects(5, DAYS, seed=1)
    return {
        "learnt": Simulation(subjects, DAYS, learnt).run(),
        "with channels": Simulation(subjects, DAYS, learnt, channels=True).run(),
        "equal": Simulation(subjects, DAYS, equal_share).run(),
        "naive": Simulation(subjects, DAYS, until_it_is_gone).run(),
    }


def test_no_video_is_missed_and_hardly_a_search_is_unspent(results):
    assert results["learnt"].missed == 0
    assert results["learnt"].unspent < 0.02


def test_no_day_runs_dry_before_its_last_ten_minutes(results):
    assert results["learnt"].dry_at >= "23:50"


def test_videos_are_found_sooner_than_by_equal_shares_or_by_spending_all_at_once(results):
    assert results["learnt"].mean_delay_s < results["equal"].mean_delay_s < results["naive"].mean_delay_s


def test_channels_bring_them_sooner_still(results):
    assert results["with channels"].mean_delay_s < results["learnt"].mean_delay_s
