import pytest

from waiting import Backoff


@pytest.mark.parametrize(
    ("backoff", "pauses"),
    [
        pytest.param(Backoff(1.0, 10.0), [1, 2, 4, 8, 10, 10], id="doubled"),
        pytest.param(Backoff(4.0, 900.0, factor=8), [4, 32, 256, 900, 900, 900], id="eightfold"),
        pytest.param(Backoff(5.0, 3.0), [3, 3, 3, 3, 3, 3], id="never more than the longest"),
    ],
)
def test_pauses_grow_up_to_the_longest(backoff: Backoff, pauses: list[float]) -> None:
    assert [backoff.pause_s(failures) for failures in range(6)] == pauses


def test_a_year_of_failures_overflows_nothing() -> None:
    assert Backoff(1.0, 900.0, factor=8).pause_s(10_000_000) == 900
