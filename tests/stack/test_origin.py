from pathlib import Path

import pytest

from stack.directory import StackDirectory
from stack.errors import RefusedError
from stack.origin import Origin, check_origin, read_origin, write_origin


@pytest.fixture
def directory(tmp_path: Path) -> StackDirectory:
    return StackDirectory.of(tmp_path)


def test_what_made_the_data_is_remembered(directory: StackDirectory) -> None:
    made = Origin(stack="embedded", simulated=True, catalogue="/videos/ünï.jsonl.gz")
    assert read_origin(directory) is None

    write_origin(directory, made)

    assert read_origin(directory) == made


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"stack": "cloud"}'])
def test_a_file_that_says_nothing_is_refused_with_what_to_do(directory: StackDirectory, content: bytes) -> None:
    directory.origin.write_bytes(content)

    with pytest.raises(RefusedError, match=r"origin\.json cannot be read.*put the file right, or choose another"):
        read_origin(directory)


@pytest.mark.parametrize(
    "wanted",
    [
        Origin(stack="native", simulated=True),
        Origin(stack="embedded"),
        Origin(stack="embedded", simulated=True, catalogue="/videos.jsonl"),
    ],
)
def test_data_of_another_kind_are_refused_and_both_kinds_named(directory: StackDirectory, wanted: Origin) -> None:
    with pytest.raises(RefusedError, match=r"simulated data \(made-up videos\) on STACK=embedded.*make clean"):
        check_origin(directory, Origin(stack="embedded", simulated=True), wanted)


def test_the_first_data_and_more_of_the_same_are_welcome(directory: StackDirectory) -> None:
    made = Origin(stack="embedded")

    check_origin(directory, None, made)
    check_origin(directory, made, made)
