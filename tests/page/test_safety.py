"""Titles are written by strangers, and nobody but the service is talked to."""

import httpx2

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

    assert {request.netloc for request in reader.requests()} == {library.url.removeprefix("http://"), "i.ytimg.com"}
    assert all(each.is_displayed() for each in reader.all(".thumb .placeholder"))


def test_the_page_loads_under_100_kb(library: Running) -> None:
    index = httpx2.get(f"{library.url}/", trust_env=False)
    paths = {part.split('"')[0] for part in index.text.split('="/page/')[1:]}
    files = [httpx2.get(f"{library.url}/page/{path}", trust_env=False) for path in paths]

    assert all(file.status_code == 200 for file in files)
    assert sum(len(each.content) for each in (index, *files)) < _MOST_BYTES


def test_every_module_is_loaded_without_waiting_for_another(reader: Reader) -> None:
    reader.open()

    script = "return performance.getEntriesByType('resource').map((each) => each.name.split('/page/')[1] ?? '')"
    loaded = {name for name in reader.browser.execute_script(script) if name.endswith(".js")}
    listed = {link.get_attribute("href").split("/page/")[1] for link in reader.all("link[rel=modulepreload]")}

    assert loaded == listed | {"main.js"}
