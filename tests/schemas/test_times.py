from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import format_utc, parse_utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-03T04:24:53Z", datetime(2023, 1, 3, 4, 24, 53, tzinfo=UTC)),
        ("2023-01-03T04:24:53.999Z", datetime(2023, 1, 3, 4, 24, 53, tzinfo=UTC)),
        ("2023-01-03T05:24:53+01:00", datetime(2023, 1, 3, 4, 24, 53, tzinfo=UTC)),
        ("2023-01-03T04:24:53", datetime(2023, 1, 3, 4, 24, 53, tzinfo=UTC)),
        ("2023-01-03", datetime(2023, 1, 3, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read_as_a_utc_second(text: str, expected: datetime) -> None:
    assert parse_utc(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2023-13-01", "2023-01-03T25:00:00Z", "1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|range|month|hour"):
        parse_utc(text)


# Hypothesis takes bounds without a zone.
@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-23, 23))
def test_what_is_written_is_read_back(moment: datetime, offset_hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=offset_hours)))

    assert parse_utc(format_utc(aware)) == aware.replace(microsecond=0)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_utc_cannot_hold_is_refused(text: str):
    with pytest.raises(ValueError, match="within the years"):
        parse_utc(text)
