import gzip
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_log import Record
from operations.backup_file import BackupWriter, Head, Snapshot, read_head, read_records
from operations.errors import RefusedError
from tests.video_index.contract import NOON

HEAD = Head(at=NOON, snapshot=Snapshot(location="here", index="videos-1", documents=3))

records = st.builds(
    Record,
    topic=st.sampled_from(("one", "other")),
    partition=st.integers(0, 5),
    offset=st.integers(0, 2**40),
    key=st.none() | st.text(st.characters(exclude_categories=("Cs",))),
    value=st.none() | st.binary(),
    headers=st.lists(st.tuples(st.text("abc"), st.binary())).map(tuple),
    timestamp_ms=st.just(0),
)


@given(st.lists(records, max_size=5))
def test_what_was_added_is_read_byte_for_byte_and_in_order(tmp_path_factory, added):
    path = tmp_path_factory.mktemp("backups") / "a.gz"
    with BackupWriter(path, HEAD) as file:
        for record in added:
            file.add(record)

    assert read_head(path) == HEAD
    read = [
        (kept.record.topic, kept.partition, kept.offset, kept.record.key, kept.record.value, kept.record.headers)
        for kept in read_records(path)
    ]
    assert read == [(r.topic, r.partition, r.offset, r.key, r.value, r.headers) for r in added]


def write(path: Path) -> Path:
    with BackupWriter(path, HEAD) as file:
        file.add(Record("one", 0, 1, "a", b"1", (), 0))
    return path


def test_only_its_owner_may_read_it(tmp_path):
    assert stat.S_IMODE(write(tmp_path / "a.gz").stat().st_mode) == 0o600


def test_one_that_could_not_be_finished_is_not_there(tmp_path):
    with pytest.raises(ZeroDivisionError), BackupWriter(tmp_path / "a.gz", HEAD):
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_half_a_file_is_refused(tmp_path):
    path = write(tmp_path / "a.gz")
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(RefusedError, match="not a whole one"):
        read_head(path)


def test_a_file_without_its_end_is_refused(tmp_path):
    path = write(tmp_path / "a.gz")
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-1])))

    with pytest.raises(RefusedError, match="end is missing"):
        read_head(path)


@pytest.mark.parametrize(
    "content", [b"", b"no backup", gzip.compress(b"{}\n", mtime=0)], ids=["empty", "text", "json"]
)
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "a.gz"
    path.write_bytes(content)

    with pytest.raises(RefusedError):
        read_head(path)


def test_a_newer_format_is_refused(tmp_path):
    with BackupWriter(tmp_path / "a.gz", HEAD.model_copy(update={"format": 2})):
        pass

    with pytest.raises(RefusedError, match="format 2"):
        read_head(tmp_path / "a.gz")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RefusedError, match=r"no\.gz"):
        read_head(tmp_path / "no.gz")
