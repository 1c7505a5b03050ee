"""Somebody who reads the page: what they see, and what they do."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

Seen = TypeVar("Seen")

_PATIENCE_S = 15.0
_LOOK_EVERY_S = 0.05


class Reader:
    """A browser at the page of the service at `url`."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url

    def open(self, **asked: str) -> "Reader":
        """Opens the page with this in its address, and waits until it has its answer."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/?{urlencode(asked)}" if asked else f"{self.url}/")
        self.until(self.is_settled)
        return self

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
        self.one(css).send_keys(*keys)

    def keys(self, *keys: str) -> None:
        """Presses keys wherever the focus is."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def asked(self) -> dict[str, str]:
        """What the address asks for."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.browser.current_url).query).items()}

    def focused(self) -> WebElement:
        return self.browser.switch_to.active_element

    def errors(self) -> list[str]:
        """What the console tells of since it was last asked; a thumbnail that cannot be had is none."""
        lines = self.browser.get_log("browser")
        return [
            line["message"]
            for line in lines
            if line["level"] == "SEVERE" and not line["message"].startswith("https://i.ytimg.com/")
        ]

    def requests(self) -> list[SplitResult]:
        """What the browser has asked for since this was last called, without what was written into the page."""
        urls = [urlsplit(each["request"]["url"]) for each in self._happened("Network.requestWillBeSent")]
        return [url for url in urls if url.scheme not in ("data", "about")]

    def until_listening(self) -> None:
        """Waits until new videos are told to the page."""
        self.until(lambda: any(each["type"] == "EventSource" for each in self._happened("Network.responseReceived")))

    def _happened(self, event: str) -> list[dict[str, Any]]:
        messages = [json.loads(line["message"])["message"] for line in self.browser.get_log("performance")]
        return [message["params"] for message in messages if message["method"] == event]
