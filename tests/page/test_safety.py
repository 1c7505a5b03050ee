"""Titles are written by strangers, and nobody but the service is talked to."""

import re
from urllib.parse import urlsplit

import pytest

from tests.page.library import INJECTION
from tests.page.reader import Reader
from tests.page.running import Running

_MOST_BYTES = 100_000


def test_a_title_with_a_script_is_text(reader: Reader) -> None:
    reader.open(q="not marked")

    assert reader.titles() == [INJECTION]
    assert "<b>bold</b>" in reader.text(".card")
    # Words of the title that look like a highlight's signs are words.
    assert [mark.text for mark in reader.all(".card .title mark")] == ["mark", "not", "marked", "mark"]
    assert reader.browser.execute_script("return window.injected") is None
    assert not reader.all(".card h2 img")


def test_words_that_look_like_html_are_text(reader: Reader) -> None:
    reader.open(q="<script>window.injected=1</script>zzz")

    assert reader.browser.execute_script("return window.injected") is None
    assert reader.browser.title.startswith("<script>")


def test_nothing_but_thumbnails_is_loaded_from_elsewhere(reader: Reader, library: Running) -> None:
    reader.requests()

    reader.open(q="thumbnail")
    reader.until(lambda: len(reader.titles()) == 2)
    reader.until(lambda: not reader.all(".thumb img"))

    asked = reader.requests()
    assert {request.netloc for request in asked} == {library.url.removeprefix("http://"), "i.ytimg.com"}
    assert [each.path for each in asked if each.netloc == "i.ytimg.com"] == ["/vi/odd/mqdefault.jpg"]
    assert all(each.is_displayed() for each in reader.all(".thumb .placeholder"))


_INLINE = """
const script = document.createElement("script");
script.textContent = "window.injected = 1";
const button = document.createElement("button");
button.setAttribute("onclick", "window.injected = 2");
document.body.append(script, button);
button.click();
const style = document.createElement("style");
style.textContent = "body { color: rgb(1, 2, 3) }";
document.head.append(style);
return [window.injected ?? null, getComputedStyle(document.body).color === "rgb(1, 2, 3)"];
"""


def test_the_browser_runs_nothing_that_is_written_into_the_page(reader: Reader) -> None:
    reader.open()

    assert reader.browser.execute_script(_INLINE) == [None, False]

    refused = reader.errors()
    assert len(refused) == 3
    assert all("Content Security Policy" in error for error in refused)


@pytest.mark.parametrize(
    "script",
    [
        "fetch('https://elsewhere.example/').then(() => done('sent'), () => done('refused'))",
        "const image = new Image(); image.onerror = () => done('refused'); image.src = 'https://elsewhere.example/a.png'",
    ],
    ids=["fetch", "picture"],
)
def test_the_browser_sends_nothing_to_others(reader: Reader, script: str) -> None:
    reader.open()

    assert reader.browser.execute_async_script(f"const done = arguments[0]; {script}") == "refused"

    refused = reader.errors()
    assert refused
    assert all("Content Security Policy" in error for error in refused)


def test_youtube_is_named_as_the_source_and_led_to(reader: Reader) -> None:
    reader.open(q="thumbnail")

    assert "come from YouTube" in reader.text("footer")
    links = {link.get_attribute("href") for link in reader.all("footer a")}
    assert {
        "https://www.youtube.com/",
        "https://www.youtube.com/t/terms",
        "https://policies.google.com/privacy",
    } <= links
    for card in reader.all(".card"):
        watched = f"https://www.youtube.com/watch?v={card.get_attribute('data-video')}"
        outward = card.find_elements("css selector", "a[target=_blank]")
        assert {link.get_attribute("href") for link in outward} == {watched}
        assert {link.get_attribute("rel") for link in outward} == {"noopener"}


def test_the_page_loads_under_100_kb_with_all_the_answers_it_asks_for(reader: Reader) -> None:
    reader.open()
    reader.until(lambda: reader.all("rect.in") and reader.text("#open-keys") == "Keys 0")

    loaded: dict[str, list[int]] = reader.browser.execute_script(
        """const entries = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type));
        return Object.fromEntries(entries.map((each) => [each.name, [each.transferSize, each.decodedBodySize]]));"""
    )

    paths = {urlsplit(name).path for name in loaded}
    assert {"/", "/page/main.js", "/page/style.css", "/search", "/stats/timeline", "/status", "/api_keys"} <= paths
    assert sum(sent for sent, _ in loaded.values()) < _MOST_BYTES
    files = [size for name, (_, size) in loaded.items() if re.fullmatch("/|/page/.*", urlsplit(name).path)]
    assert 0 < sum(files) < 1.024 * _MOST_BYTES, "and for who takes nothing compressed, the files alone"


def test_every_module_is_loaded_without_waiting_for_another(reader: Reader) -> None:
    reader.open()

    script = "return performance.getEntriesByType('resource').map((each) => each.name.split('/page/')[1] ?? '')"
    loaded = {name for name in reader.browser.execute_script(script) if name.endswith(".js")}
    listed = {link.get_attribute("href").split("/page/")[1] for link in reader.all("link[rel=modulepreload]")}

    assert loaded == listed | {"main.js"}
