from itertools import islice
from threading import Event

import pytest

from waiting import Patience, StoppedError


def test_waits_double_up_to_the_longest_and_are_jittered() -> None:
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    patience = Patience(Event(), first_s=1, longest_s=5, wait=wait, jitter=lambda: 0.5)

    assert list(islice(patience.attempts(), 6)) == [1, 2, 3, 4, 5, 6]
    assert waits == [0.5, 1, 2, 2.5, 2.5]


def test_a_stop_ends_a_wait() -> None:
    stop = Event()
    attempts = Patience(stop, first_s=60, jitter=lambda: 1).attempts()
    next(attempts)
    stop.set()

    with pytest.raises(StoppedError):
        next(attempts)


def test_nothing_is_tried_after_a_stop() -> None:
    stop = Event()
    stop.set()

    with pytest.raises(StoppedError):
        next(Patience(stop).attempts())
