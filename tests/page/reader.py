"""Somebody who reads the page: what they see, and what they do."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

Seen = TypeVar("Seen")

_PATIENCE_S = 15.0
_LOOK_EVERY_S = 0.05
_ANOTHER_NETWORK = "net::ERR_NETWORK_CHANGED"
"""Chromium drops what it loads, also from this machine, when that gets a network, as when a container starts."""

_FIRST_LINE = len("retry: 3000\n\n")


class Reader:
    """A browser at the page of the service at `url`."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url
        self._errors: list[str] = []

    def open(self, **asked: str) -> "Reader":
        """Opens the page with this in its address, and waits until it has its answer."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/?{urlencode(asked)}" if asked else f"{self.url}/")
        self.until(self._is_open)
        return self

    def _is_open(self) -> bool:
        """Whether the page has its answer; loads it again when a part of it was dropped."""
        new = self._new_errors()
        self._errors += new
        if any(_ANOTHER_NETWORK in error for error in new):
            self.browser.refresh()
        return self.is_settled()

    def is_settled(self) -> bool:
        """Whether there are results, an empty state or an error."""
        return self.one("#results").get_attribute("aria-busy") == "false" and bool(self.text("#summary"))

    def until(self, seen: Callable[[], Seen]) -> Seen:
        """Waits for what is true; gives it."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                value = seen()
            except (StaleElementReferenceException, LookupError):
                value = None  # drawn anew while it was looked at, or not there yet
            if value:
                return value
            assert time.monotonic() < deadline, f"not so after {_PATIENCE_S} s; the page says: {self.text('body')}"
            time.sleep(_LOOK_EVERY_S)

    def all(self, css: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """Raises LookupError."""
        found = self.all(css)
        if not found:
            raise LookupError(css)
        return found[0]

    def text(self, css: str) -> str:
        return self.one(css).text

    def titles(self) -> list[str]:
        """Of the videos that are shown, from the top."""
        return self.browser.execute_script(
            "return [...document.querySelectorAll('.card .title')].map((title) => title.textContent)"
        )

    def button(self, text: str, within: str = "body") -> WebElement:
        """The button that can be seen with this text in it, when it is there."""
        return self.until(
            lambda: next(
                (each for each in self.all(f"{within} button") if text in each.text and each.is_displayed()), None
            )
        )

    def press(self, text: str, within: str = "body") -> None:
        self.button(text, within).click()

    def type(self, css: str, *keys: str) -> None:
        """Into a field, when it is there."""
        self.until(lambda: self.one(css).is_displayed())
        self.one(css).send_keys(*keys)

    def keys(self, *keys: str) -> None:
        """Presses keys wherever the focus is."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def asked(self) -> dict[str, str]:
        """What the address asks for."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.browser.current_url).query).items()}

    def focused(self) -> WebElement:
        return self.browser.switch_to.active_element

    def imported(self, module: str, name: str, script: str) -> Any:
        """What a script gives that uses what a module of the page exports under this name."""
        used = f"({{ {name} }}) => done((() => {{ {script} }})())"
        return self.browser.execute_async_script(f"const done = arguments[0]; import('/page/{module}').then({used})")

    def errors(self) -> list[str]:
        """What the console tells of since it was last asked; a thumbnail that cannot be had is none."""
        told, self._errors = [*self._errors, *self._new_errors()], []
        return [error for error in told if _ANOTHER_NETWORK not in error]

    def _new_errors(self) -> list[str]:
        lines = self.browser.get_log("browser")
        return [
            line["message"]
            for line in lines
            if line["level"] == "SEVERE" and not line["message"].startswith("https://i.ytimg.com/")
        ]

    def requests(self) -> list[SplitResult]:
        """What the browser has asked for since this was last called, without what was written into the page."""
        sent = [told for event, told in self._network() if event == "Network.requestWillBeSent"]
        urls = [urlsplit(told["request"]["url"]) for told in sent]
        return [url for url in urls if url.scheme not in ("data", "about")]

    def until_listening(self) -> None:
        """Waits until the page will be told of new videos: the stream says so behind its first line."""
        told: list[tuple[str, dict[str, Any]]] = []

        def begins() -> bool:
            told.extend(self._network())
            streams = {each["requestId"] for _, each in told if each.get("type") == "EventSource"}
            parts = [each for event, each in told if event == "Network.dataReceived" and each["requestId"] in streams]
            return sum(each["dataLength"] for each in parts) > _FIRST_LINE

        self.until(begins)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Nothing can be reached meanwhile."""
        reach = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", reach | {"offline": True})
        yield
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", reach)

    def _network(self) -> list[tuple[str, dict[str, Any]]]:
        """What happened in the network since it was last asked."""
        messages = (json.loads(line["message"])["message"] for line in self.browser.get_log("performance"))
        return [(message["method"], message["params"]) for message in messages]
