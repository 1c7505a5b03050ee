from pathlib import Path
from threading import Event, Thread

import pytest

from stack.engines.install import install


def test_an_interrupted_build_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    home = tmp_path / "engine-1"

    def half(directory: Path) -> None:
        (directory / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(home, half, print)
    assert not home.exists()

    install(home, lambda directory: (directory / "whole").touch(), print)
    assert [path.name for path in home.iterdir()] == ["whole"]


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    (tmp_path / "engine-1").mkdir()

    def build(directory: Path) -> None:
        raise AssertionError(f"built {directory}")

    assert install(tmp_path / "engine-1", build, print) == tmp_path / "engine-1"


def test_of_two_that_ask_one_builds_and_the_other_waits_and_says_so(tmp_path: Path) -> None:
    building, waiting = Event(), Event()
    builds: list[Path] = []

    def build(directory: Path) -> None:
        builds.append(directory)
        building.set()
        assert waiting.wait(10)

    first = Thread(target=install, args=(tmp_path / "engine-1", build, print))
    second = Thread(target=install, args=(tmp_path / "engine-1", build, lambda _: waiting.set()))
    first.start()
    assert building.wait(10)
    second.start()
    first.join(10)
    second.join(10)

    assert len(builds) == 1
