import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack.lock import SupervisorLock, holder
from stack.process import wait_until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "supervisor.lock"


def test_only_one_has_the_lock_and_the_others_learn_who(path: Path) -> None:
    assert holder(path) is None
    lock = SupervisorLock.take(path)
    assert lock is not None

    with lock:
        assert SupervisorLock.take(path) is None
        assert holder(path) == os.getpid()
    lock.release()

    assert holder(path) is None
    again = SupervisorLock.take(path)
    assert again is not None
    again.release()


def test_a_lock_that_was_handed_over_lives_as_long_as_the_child(path: Path) -> None:
    lock = SupervisorLock.take(path)
    assert lock is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=[lock.descriptor]
    )

    lock.hand_over(child.pid)

    assert holder(path) == child.pid
    child.kill()
    child.wait()
    assert wait_until(lambda: holder(path) is None, 5)


def test_what_an_earlier_holder_wrote_does_not_count(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("1\n")

    assert holder(path) is None
