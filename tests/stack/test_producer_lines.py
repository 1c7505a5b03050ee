import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from stack.producer_lines import duration, producer_lines

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


SUBJECT: dict[str, Any] = {
    "id": "street-food-1",
    "query": "street food",
    "last_poll_at": "2026-11-24T11:55:00Z",
    "next_poll_at": "2026-11-24T12:10:00Z",
    "found": 1234,
    "new": 900,
    "expected_delay_s": 432.0,
    "channels": 12,
    "backfill": {"windows_done": 3, "windows_left": 5, "days_left": 1.25},
    "trouble": None,
}
PROJECT = {
    "id": "projects/7",
    "keys": ["…abcd"],
    "searches_left": 61,
    "searches_per_day": 100,
    "units_left": 9000,
    "units_per_day": 10000,
    "resets_at": "2026-11-25T08:00:00Z",
}


def a_body(**changed: object) -> dict[str, object]:
    body = {
        "state": "polling",
        "reason": None,
        "subjects": [SUBJECT],
        "projects": [PROJECT],
        "videos": 14318,
        "awaiting_details": 3,
    }
    return body | changed


@pytest.fixture(autouse=True)
def in_vienna(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is an hour ahead of UTC."""
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_what_the_producer_does_is_told_in_lines() -> None:
    assert producer_lines(a_body(), NOW) == [
        "  producer polling",
        "    subject      last poll            next poll            found  new  delay        channels",
        "    street food  12:55:00, 5 min ago  13:10:00, in 10 min  1,234  900  about 7 min        12",
        "  past of street food: 3 windows done, 5 left, about 1.2 days of quota",
        "    project     keys   searches left       units left  reset",
        "    projects/7  …abcd      61 of 100  9,000 of 10,000  Nov 25 09:00, in 20 h",
        "  14,318 videos, 3 to be looked up",
    ]


def test_what_is_not_known_yet_is_a_dash() -> None:
    unknown = {"last_poll_at": None, "next_poll_at": None, "expected_delay_s": None, "backfill": None}

    [_, _, row, *_] = producer_lines(a_body(subjects=[SUBJECT | unknown], projects=[]), NOW)

    assert row.split() == ["street", "food", "-", "-", "1,234", "900", "-", "12"]


def test_a_subject_of_channels_alone_has_the_name_of_its_id_and_its_trouble_a_line() -> None:
    subject = SUBJECT | {"query": "", "trouble": "YouTube refuses it", "backfill": None}

    lines = producer_lines(a_body(subjects=[subject]), NOW)

    assert "  trouble with street-food-1: YouTube refuses it" in lines


def test_what_would_move_the_cursor_is_not_printed() -> None:
    lines = producer_lines(a_body(subjects=[SUBJECT | {"query": "a\x1b[2Jb\u202e"}], reason="\r!"), NOW)

    assert all(line.isprintable() for line in lines)


def test_why_nothing_is_polled_stands_first() -> None:
    body = a_body(state="waiting", reason="no key", subjects=[], projects=[], videos=None)

    assert producer_lines(body, NOW) == ["  producer waiting: no key"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 s"), (600, "10 min"), (7200, "2 h"), (3 * 86400, "3 days"), (0.4, "0 s")]
)
def test_a_span_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said
