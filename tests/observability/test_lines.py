import logging

import pytest

from observability import configure_logging, event_logger


def written(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_an_event_is_one_line_of_words_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("producer")

    event_logger("x").info("poll_finished", subject="cats-1", items=50, reason='a "quoted" text', text="two\nlines")

    line = written(capsys)
    assert line.count("\n") == 1
    time, level, service, event, *_ = line.split(" ")
    assert (level, service, event) == ("INFO", "producer", "poll_finished")
    assert time.endswith("Z")
    assert 'subject=cats-1 items=50 reason="a \\"quoted\\" text" text="two\\nlines"' in line


def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("producer")

    try:
        raise ValueError("bad")
    except ValueError:
        event_logger("x").exception("held")

    line = written(capsys)
    assert line.count("\n") == 1
    assert "ValueError: bad" in line


def test_libraries_speak_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("producer")

    logging.getLogger("httpx").info("GET http://host/?key=secret")
    logging.getLogger("httpx").warning("odd")

    assert "secret" not in (text := written(capsys))
    assert "odd" in text
