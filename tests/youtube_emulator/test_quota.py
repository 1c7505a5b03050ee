from pathlib import Path

import pytest

from tests.youtube_emulator.setting import Clock
from youtube_emulator.errors import QuotaFileError
from youtube_emulator.keys import Project
from youtube_emulator.quota import Ledger, Limits
from youtube_emulator.quota_file import read_usage, write_usage
from youtube_emulator.refusals import RefusalError
from youtube_emulator.times import parse_time
from youtube_emulator.usage import Counts, Usage

ONE, OTHER = Project(1), Project(2)


def test_each_project_has_a_bucket_of_searches_and_one_of_units():
    ledger = Ledger(Limits(searches_per_day=2, units_per_day=1), Clock())
    for _ in range(2):
        ledger.charge_search(ONE)
    ledger.charge_unit(ONE)

    with pytest.raises(RefusalError, match="Search Queries per day"):
        ledger.charge_search(ONE)
    with pytest.raises(RefusalError, match="quota"):
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
    with pytest.raises(RefusalError):
        ledger.charge_search(ONE)

    clock.now += 1
    ledger.charge_search(ONE)


def test_a_search_refused_for_the_minute_is_not_counted_for_the_day():
    clock = Clock()
    ledger = Ledger(Limits(searches_per_day=2, searches_per_minute=1), clock)
    ledger.charge_search(ONE)
    for _ in range(3):
        with pytest.raises(RefusalError, match="per minute"):
            ledger.charge_search(ONE)

    clock.now += 60
    ledger.charge_search(ONE)
    with pytest.raises(RefusalError, match="per day"):
        ledger.charge_search(ONE)


def test_what_is_used_and_refused_is_counted_of_the_day_and_ever():
    clock = Clock(parse_time("2026-03-02T07:59:59Z"))
    ledger = Ledger(Limits(searches_per_day=1), clock)
    ledger.charge_search(ONE)
    with pytest.raises(RefusalError):
        ledger.charge_search(ONE)
    clock.now += 1
    ledger.charge_unit(ONE)

    usage = ledger.usage()
    assert usage.day == "2026-03-02"
    assert usage.today == {"projects/1": Counts(units=1)}
    assert usage.ever == {"projects/1": Counts(searches=1, units=1, refused=1)}


def test_a_restart_forgets_nothing_that_is_kept_in_a_file(tmp_path: Path):
    path = tmp_path / "quota.json"

    def ledger() -> Ledger:
        return Ledger(Limits(searches_per_day=2), Clock(), read_usage(path), lambda usage: write_usage(path, usage))

    ledger().charge_search(ONE)
    ledger().charge_search(ONE)

    with pytest.raises(RefusalError):
        ledger().charge_search(ONE)
    assert read_usage(path).ever == {"projects/1": Counts(searches=2, refused=1)}


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}x", b'{"videoId": "a"}', b'{"today": {"projects/1": {"searches": "one"}}}', b"\xff"]
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "quota.json"
    path.write_bytes(content)

    with pytest.raises(QuotaFileError, match=r"quota\.json: cannot be used: .*; remove it or name another"):
        read_usage(path)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(QuotaFileError, match="cannot be written"):
        write_usage(tmp_path / "none" / "quota.json", Usage())
