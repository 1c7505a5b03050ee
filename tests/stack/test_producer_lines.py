from datetime import UTC, datetime

import pytest

from stack.producer_lines import duration, producer_lines

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_body(**changed: object) -> dict[str, object]:
    subject = {
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
    project = {
        "id": "projects/7",
        "keys": ["…abcd"],
        "searches_left": 61,
        "searches_per_day": 100,
        "units_left": 9000,
        "units_per_day": 10000,
        "resets_at_local": "09:00 CET",
    }
    body = {
        "state": "polling",
        "reason": None,
        "subjects": [subject],
        "projects": [project],
        "videos": 14318,
        "awaiting_details": 3,
    }
    return body | changed


def test_what_the_producer_does_is_told_in_lines():
    text = "\n".join(producer_lines(a_body(), NOW))

    assert "producer polling" in text
    assert "street food" in text
    assert "(5 min ago); next" in text
    assert "(in 10 min)" in text
    assert "found 1,234, new 900; delay about 7 min; 12 channels" in text
    assert "past: 3 windows done, 5 left, about 1.2 days of quota" in text
    assert "project projects/7 (…abcd): 61 of 100 searches and 9,000 of 10,000 units left until 09:00 CET" in text
    assert "14,318 videos, 3 to be looked up" in text


def test_why_nothing_is_polled_stands_first():
    body = a_body(state="waiting", reason="no key", subjects=[], projects=[], videos=None)

    assert producer_lines(body, NOW) == ["  producer waiting: no key"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 s"), (600, "10 min"), (7200, "2 h"), (3 * 86400, "3 days"), (0.4, "0 s")]
)
def test_a_span_is_said_as_people_say_it(seconds, said):
    assert duration(seconds) == said
