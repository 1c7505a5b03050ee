import pytest

from producer.outage import Outage


@pytest.fixture(autouse=True)
def _all_lines(caplog):
    caplog.set_level("INFO")


def failures(outage: Outage, count: int, longest_s: float = 900) -> list[float]:
    return [outage.failed(RuntimeError("why"), longest_s) for _ in range(count)]


def test_pauses_double_from_one_second_up_to_the_longest():
    assert failures(Outage("youtube", lambda: 1.0), 6, longest_s=10) == [1, 2, 4, 8, 10, 10]


def test_a_pause_is_a_random_part_of_its_bound():
    parts = iter([0.0, 0.5, 0.25])

    assert failures(Outage("youtube", lambda: next(parts)), 3) == [0, 1, 1]


def test_after_a_success_pauses_start_anew():
    outage = Outage("youtube", lambda: 1.0)
    failures(outage, 5)
    outage.over()

    assert failures(outage, 1) == [1]


def test_the_longest_pause_may_change_from_one_failure_to_the_next():
    outage = Outage("youtube", lambda: 1.0)
    failures(outage, 8)

    assert outage.failed(RuntimeError(), 30) == 30
    assert outage.failed(RuntimeError(), 900) == 512


def test_a_week_of_failures_overflows_nothing():
    assert failures(Outage("youtube", lambda: 1.0), 5000)[-1] == 900


def test_it_says_once_that_something_is_away_and_once_that_it_is_back(caplog):
    outage = Outage("youtube", lambda: 1.0)
    outage.over()
    failures(outage, 5)
    outage.over()
    outage.over()

    assert [record.getMessage() for record in caplog.records] == ["youtube_away", "youtube_back"]
    assert caplog.records[1].fields == {"attempts_failed": 5}
