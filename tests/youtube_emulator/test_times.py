import pytest

from tests.youtube_emulator.setting import NOON, Clock
from youtube_emulator.times import format_duration, format_time, moved, parse_time


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.999Z", "2026-03-01T14:00:00+02:00", "2026-03-01t12:00:00z"],
)
def test_a_time_is_read_to_the_second(text: str):
    assert parse_time(text) == 1_772_366_400


@pytest.mark.parametrize(
    "text",
    ["", "2026-03-01", "2026-03-01T12:00:00", "2026-03-01 12:00:00Z", "2026-13-01T12:00:00Z", "now", "0001-01-01T0",
     "２026-03-01T12:00:00Z", "2026-03-01T12:00:00+99:00"],
)  # fmt: skip
def test_what_is_no_rfc_3339_time_is_refused(text: str):
    with pytest.raises(ValueError, match="such as 2026-01-31T12:00:00Z, is accepted"):
        parse_time(text)


def test_a_time_is_written_as_it_is_read():
    assert format_time(parse_time("2013-10-18T02:05:03Z")) == "2013-10-18T02:05:03Z"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "P0D"), (9, "PT9S"), (60, "PT1M"), (3723, "PT1H2M3S"), (86_400, "P1D"), (86_401, "P1DT1S")],
)
def test_a_duration_is_written_as_iso_8601(seconds: int, text: str):
    assert format_duration(seconds) == text


def test_a_clock_may_be_ahead_or_begin_elsewhere_and_run_faster():
    real = Clock()
    ahead, elsewhere = moved(real, skew_s=-90), moved(real, start=1000.0, speed=60)
    assert (ahead(), elsewhere()) == (NOON - 90, 1000)

    real.now += 10
    assert (ahead(), elsewhere()) == (NOON - 80, 1600)
