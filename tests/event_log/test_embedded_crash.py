"""The embedded log under `kill -9`, beside other processes, and on files it cannot use."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from event_log import LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from schemas import Topic

TOPIC = Topic("numbers", partitions=1, retention=None)

# Appends batches of ten for ever, and says a number once it is acknowledged.
_APPENDER = """
import sys
from pathlib import Path
from event_log import NewRecord
from event_log.embedded import EmbeddedLog
log, first = EmbeddedLog(Path(sys.argv[1])), int(sys.argv[2])
while True:
    log.append([NewRecord("numbers", str(number), b"x" * 1000) for number in range(first, first + 10)])
    first += 10
    print(first, flush=True)
"""


def appender(path: Path, first: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _APPENDER, str(path), str(first)], stdout=subprocess.PIPE, text=True
    )


def acknowledged(process: subprocess.Popen[str], batches: int) -> int:
    """Kills the appender after so many batches; the number that it acknowledged last."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(batches)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    return int(next(line for line in reversed(said) if line.endswith("\n")))


def keys(path: Path) -> list[str | None]:
    with EmbeddedLog(path) as log, closing(log.reader([TOPIC.name])) as reader:
        return [record.key for record in reader.read_to_end()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.sqlite"
    with EmbeddedLog(path) as log:
        log.create_topics([TOPIC])
    return path


def test_what_was_acknowledged_outlives_kill_9_and_batches_stay_whole(path: Path) -> None:
    last = 0
    for batches in (1, 5, 20):
        last = acknowledged(appender(path, last), batches)

        found = keys(path)

        assert found[:last] == [str(number) for number in range(last)]
        assert len(found) % 10 == 0
        last = len(found)


def test_processes_append_side_by_side(path: Path) -> None:
    appenders = [appender(path), appender(path, 1_000_000)]
    ends = [acknowledged(each, 20) for each in appenders]

    found = {int(key or "") for key in keys(path)}

    assert found >= {*range(ends[0]), *range(1_000_000, ends[1])}


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite")) as theirs:
        theirs.execute("CREATE TABLE precious (content)")
        theirs.commit()

    with pytest.raises(LogUnavailableError, match="another program's"):
        EmbeddedLog(tmp_path / "theirs.sqlite")


def test_a_file_that_is_damaged_or_none_of_sqlite_is_named_with_what_to_do(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)

    with pytest.raises(LogUnavailableError, match=r"log\.sqlite: it is not an SQLite file: move it away"):
        EmbeddedLog(path)


def test_a_log_that_was_closed_says_so(path: Path) -> None:
    log = EmbeddedLog(path)
    log.close()
    log.close()

    with pytest.raises(LogUnavailableError, match="it was closed"):
        log.append([NewRecord(TOPIC.name, "a", b"1")])
