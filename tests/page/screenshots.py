"""Pictures of the page for the README: `python -m tests.page.screenshots http://127.0.0.1:8000 docs`, on a demo."""

import sys
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver import Chrome

from tests.page.chromium import PHONE, WIDE, show_as, start_chromium
from tests.page.reader import Reader

_ASKED = {"q": "street food", "published_after": "now-3d"}


def take(browser: Chrome, url: str, directory: Path) -> None:
    """Writes `page.png`, `page-dark.png`, `page-phone.png` and `page-subjects.png`."""
    reader = Reader(browser, url)

    def picture(name: str, prepare: Callable[[], object] = lambda: None) -> None:
        reader.open(**_ASKED)
        reader.until(lambda: reader.all("rect.in") and "searches left" in reader.text("#status"))
        prepare()
        browser.save_screenshot(str(directory / f"{name}.png"))

    show_as(browser, WIDE)
    picture("page")
    picture("page-subjects", lambda: (reader.press("Subjects"), reader.until(lambda: reader.all("#dialog .row"))))
    show_as(browser, WIDE, dark=True)
    picture("page-dark")
    show_as(browser, PHONE)
    picture("page-phone")


if __name__ == "__main__":
    chromium = start_chromium()
    try:
        take(chromium, sys.argv[1].rstrip("/"), Path(sys.argv[2]))
    finally:
        chromium.quit()
