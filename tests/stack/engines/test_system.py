from pathlib import Path

import pytest

from stack.engines.errors import EngineMissingError
from stack.engines.native_library import find_zstd
from stack.engines.system import install_command


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install libzstd1"),
        ("dnf", "sudo dnf install libzstd"),
        ("brew", "brew install zstd"),
        ("pacman", "install libzstd1 with the package manager of this system"),
    ],
)
def test_the_command_fits_the_package_manager_that_is_there(manager: str, command: str) -> None:
    assert install_command("zstd", lambda program: program if program == manager else None) == command


def test_the_library_is_laid_out_as_elasticsearch_looks_for_it(tmp_path: Path) -> None:
    for architecture in ("i386-linux-gnu", "x86_64-linux-gnu"):
        (tmp_path / architecture).mkdir()
        (tmp_path / architecture / "libzstd.so.1").touch()

    library = find_zstd("Linux", "x86_64", {"Linux": (f"{tmp_path}/*/libzstd.so.1",)})

    assert library.source == tmp_path / "x86_64-linux-gnu" / "libzstd.so.1"
    assert library.target == Path("lib/platform/linux-x64/libzstd.so")


def test_without_the_library_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(EngineMissingError, match=r"zstd library.*Install it"):
        find_zstd("Linux", "aarch64", {"Linux": (f"{tmp_path}/*",)})


def test_on_another_kind_of_system_the_other_stacks_are_named() -> None:
    with pytest.raises(EngineMissingError, match=r"not run as a local process on Windows AMD64.*STACK=embedded"):
        find_zstd("Windows", "AMD64")
