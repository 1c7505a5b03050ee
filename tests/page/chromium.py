"""Chromium without a window, driven by the driver that was built with it, and cut off from all but this machine."""

import os
import shutil
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

WIDE = (1280, 900)
PHONE = (390, 844)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless=new",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class NoBrowserError(Exception):
    """Chromium or its driver is not installed; the text says which command installs them."""


def start_chromium() -> Chrome:
    """A browser. Raises NoBrowserError."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        raise NoBrowserError("apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = browser
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to have one as root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # Without the path Selenium would look for a driver in the network.
    return Chrome(options=options, service=Service(driver))


def show_as(browser: Chrome, size: tuple[int, int] = WIDE, *, dark: bool = False, still: bool = False) -> None:
    """The width and height of the screen in pixels, and what its owner prefers, who is British and in Paris."""
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    _tell(browser, "Emulation.setDeviceMetricsOverride", screen)
    _tell(browser, "Emulation.setTouchEmulationEnabled", {"enabled": size == PHONE})
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
    ]
    _tell(browser, "Emulation.setEmulatedMedia", {"features": features})
    _tell(browser, "Emulation.setTimezoneOverride", {"timezoneId": "Europe/Paris"})
    _tell(browser, "Emulation.setLocaleOverride", {"locale": "en_GB"})


def _tell(browser: Chrome, command: str, parameters: dict[str, Any]) -> None:
    browser.execute_cdp_cmd(command, parameters)
