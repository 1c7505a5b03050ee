import json
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from query_api.reference import reference_page
from tests.query_api.service import Service


class Links(HTMLParser):
    """What a page loads or leads to, and what on it would need `unsafe-inline`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.inline += [tag] if tag in ("style", "script") else []
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]


def test_every_path_is_on_the_page_with_its_parameters(library: Service) -> None:
    page = library.client.get("/docs")
    document = library.client.get("/openapi.json").json()

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"<code>{method.upper()} {path}</code>" in page.text
            assert all(f"<td>{each['name']}</td>" in page.text for each in operation.get("parameters", ()))


def test_the_page_needs_no_script_no_other_host_and_nothing_inline(library: Service) -> None:
    page = Links(library.client.get("/docs").text)

    assert page.inline == []
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)
    for link in page.links:
        if link.startswith("/"):
            assert library.client.get(link).status_code == 200
    assert library.client.get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_texts_of_the_document_stay_texts() -> None:
    attack = "<script>alert(1)</script>"
    operation: dict[str, Any] = {
        "tags": [attack],
        "description": attack,
        "parameters": [{"name": attack, "in": "query", "description": attack, "schema": {"enum": [attack]}}],
        "responses": {"200": {"description": attack}},
    }

    page = reference_page(
        {"info": {"title": attack, "description": attack}, "paths": {f"/{attack}": {"get": operation}}},
        "http://127.0.0.1:8000",
    )

    assert "<script" not in page


def _commands(service: Service) -> list[str]:
    return [unescape(found) for found in re.findall("<pre>(curl[^<]*)</pre>", service.client.get("/docs").text)]


def test_a_change_is_shown_as_a_command_that_can_be_copied(library: Service) -> None:
    command = next(each for each in _commands(library) if "-X POST" in each and "/subjects" in each)

    words = shlex.split(command)
    assert words[:4] == ["curl", "-X", "POST", f"{library.client.base_url}/subjects"]
    assert "Authorization: Bearer ADMIN_TOKEN" in words
    assert json.loads(words[-1])["query"] == "street food -vlog"


def test_commands_that_read_are_answered(library: Service) -> None:
    reads = [shlex.split(each)[1] for each in _commands(library) if "-X" not in each and "/stream" not in each]

    codes = {url: library.client.get(url).status_code for url in reads}

    assert len(codes) > 12
    # What the examples name is not there, but they are understood.
    assert set(codes.values()) == {200, 404}
    assert all(code == 200 for url, code in codes.items() if urlsplit(url).path.count("/") == 1)


def test_an_answer_is_shown(library: Service) -> None:
    assert "<details><summary>An answer</summary><pre>{" in library.client.get("/docs").text
