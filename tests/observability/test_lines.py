import asyncio
import logging

import pytest

from observability import configure_logging, event_logger, request_id, working_on


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


def test_every_line_of_a_request_names_it_also_from_threads_and_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("query_api")

    async def answer() -> None:
        with working_on("abc-1"):
            await asyncio.to_thread(event_logger("x").info, "searched", subject="cats-1")
            logging.getLogger("library").warning("odd")

    asyncio.run(answer())
    event_logger("x").info("afterwards")

    searched, odd, afterwards = written(capsys).splitlines()
    assert searched.endswith("searched subject=cats-1 request=abc-1")
    assert odd.endswith("odd request=abc-1")
    assert "request=" not in afterwards


@pytest.mark.parametrize("given", ["abc", "0af7651916cd43dd8448eb211c80319c", "a/b:c@d+e=f.g_h-1", "x" * 128])
def test_an_id_that_harms_nobody_is_kept(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize("given", [None, "", "a b", "a\nb", "é", '"', "<script>", "x" * 129])
def test_another_id_is_replaced_by_a_new_one(given: str | None) -> None:
    made, again = request_id(given), request_id(given)

    assert made not in (given, again)
    assert made.isalnum()


def test_a_level_leaves_out_what_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("query_api", logging.WARNING)

    event_logger("x").info("ordinary")
    event_logger("x").warning("odd")

    assert written(capsys).split()[-1] == "odd"
