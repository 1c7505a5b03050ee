"""A browser, axe-core, and services for it to look at.

Where a browser or axe-core cannot be had, what needs it is skipped with the reason; with REQUIRE_ENGINES=1 it fails.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest
from selenium.webdriver import Chrome

from tests.npm import NoPackageError
from tests.page.axe import read_axe
from tests.page.chromium import NoBrowserError, show_as, start_chromium
from tests.page.library import fill_library
from tests.page.reader import Reader
from tests.page.running import Running, running

Visit = Callable[..., tuple[Reader, Running]]
"""Opens a service with these settings, and the page of it."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """One browser for all tests, because it takes a second to start."""
    try:
        browser = start_chromium()
    except NoBrowserError as missing:
        _without("Chromium", missing)
    yield browser
    browser.quit()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    try:
        return read_axe()
    except NoPackageError as missing:
        _without("axe-core", missing)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with the videos of `library.py`, for tests that only read."""
    with running(tmp_path_factory.mktemp("library")) as service:
        fill_library(service)
        yield service


@pytest.fixture
def reader(chromium: Chrome, library: Running) -> Iterator[Reader]:
    """Somebody at the page of the library. Nothing may go wrong in the console."""
    show_as(chromium)
    reader = Reader(chromium, library.url)
    yield reader
    _leave(reader)


@pytest.fixture
def visit(chromium: Chrome, tmp_path: Path) -> Iterator[Visit]:
    """Gives somebody at the page of a service of the test's own, which is empty and has the given settings."""
    show_as(chromium)
    with ExitStack() as opened:

        def open_service(**settings: Any) -> tuple[Reader, Running]:
            service = opened.enter_context(running(tmp_path, **settings))
            reader = Reader(chromium, service.url)
            opened.callback(_leave, reader)
            return reader, service

        yield open_service


def _leave(reader: Reader) -> None:
    errors = reader.errors()
    reader.requests()
    reader.browser.execute_script("try { sessionStorage.clear() } catch { /* no page is open */ }")
    reader.browser.get("about:blank")
    assert errors == []


def _without(name: str, missing: Exception) -> NoReturn:
    reason = f"{name} cannot be had here: {missing}"
    if os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
