import pytest

from schemas import DeadLetter, RawContext
from tests.processor.records import NOON, a_context


def test_the_context_of_a_raw_record_travels_in_its_headers() -> None:
    context = a_context("cats-1")

    assert RawContext.from_headers(context.to_headers()) == context


def test_the_headers_hold_the_required_attributes_of_cloudevents() -> None:
    headers = dict(a_context().to_headers())

    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"youtube.search.result"
    assert headers["ce_id"]
    assert headers["ce_source"].startswith(b"http")


def test_a_missing_header_is_named() -> None:
    headers = [header for header in a_context().to_headers() if header[0] != "window_to"]

    with pytest.raises(ValueError, match="window_to"):
        RawContext.from_headers(headers)


def test_a_dead_letter_travels_in_its_headers() -> None:
    letter = DeadLetter(
        reason="not JSON: é", source_topic="t", source_partition=3, source_offset=2**40, failed_at=NOON
    )

    assert DeadLetter.from_headers(letter.to_headers()) == letter
