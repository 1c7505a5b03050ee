from stack.ports import free_port
from stack.status import show_status
from tests.stack.conftest import SmallStack


def test_what_answers_and_is_no_api_of_this_version_is_said(small_stack: SmallStack) -> None:
    small_stack.start_and_wait()
    said: list[str] = []

    show_status(small_stack.directory, "http://127.0.0.1:9", said.append)

    assert "is not this version's API (404)" in said[-1]


def test_an_api_that_is_away_is_said_with_its_address(small_stack: SmallStack) -> None:
    small_stack.start_and_wait()
    gone = f"http://127.0.0.1:{free_port()}"
    path = small_stack.directory.state
    path.write_text(path.read_text().replace(small_stack.state.addresses["api"], gone))
    said: list[str] = []

    show_status(small_stack.directory, "http://127.0.0.1:9", said.append)

    assert said[-1] == f"  producer: not known, no API answers at {gone}"
