import pytest

from tests.youtube_emulator.setting import Clock
from youtube_emulator.keys import Project
from youtube_emulator.quota import Ledger, Limits
from youtube_emulator.refusals import RefusedError
from youtube_emulator.times import parse_time

ONE, OTHER = Project(1), Project(2)


def test_each_project_has_a_bucket_of_searches_and_one_of_units():
    ledger = Ledger(Limits(searches_per_day=2, units_per_day=1), Clock())
    for _ in range(2):
        ledger.charge_search(ONE)
    ledger.charge_unit(ONE)

    with pytest.raises(RefusedError, match="Search Queries per day"):
        ledger.charge_search(ONE)
    with pytest.raises(RefusedError, match="quota"):
        ledger.charge_unit(ONE)
    ledger.charge_search(OTHER)
    ledger.charge_unit(OTHER)


@pytest.mark.parametrize(
    "midnight",
    ["2026-03-01T08:00:00Z", "2026-07-01T07:00:00Z", "2026-03-09T07:00:00Z"],  # winter, summer, a short day's end
)
def test_buckets_are_full_again_at_midnight_pacific_time(midnight: str):
    clock = Clock(parse_time(midnight) - 1)
    ledger = Ledger(Limits(searches_per_day=1), clock)
    ledger.charge_search(ONE)
    with pytest.raises(RefusedError):
        ledger.charge_search(ONE)

    clock.now += 1
    ledger.charge_search(ONE)


def test_a_search_refused_for_the_minute_is_not_counted_for_the_day():
    clock = Clock()
    ledger = Ledger(Limits(searches_per_day=2, searches_per_minute=1), clock)
    ledger.charge_search(ONE)
    for _ in range(3):
        with pytest.raises(RefusedError, match="per minute"):
            ledger.charge_search(ONE)

    clock.now += 60
    ledger.charge_search(ONE)
    with pytest.raises(RefusedError, match="per day"):
        ledger.charge_search(ONE)
