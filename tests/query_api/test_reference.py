from html.parser import HTMLParser
from typing import Any

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
        {"info": {"title": attack, "description": attack}, "paths": {f"/{attack}": {"get": operation}}}
    )

    assert "<script" not in page


def test_a_change_is_shown_as_a_command_that_can_be_copied(library: Service) -> None:
    page = library.client.get("/docs").text

    assert "curl -X POST http://127.0.0.1:8000/subjects -H &#x27;Authorization: Bearer ADMIN_TOKEN&#x27;" in page
    assert "street food -vlog" in page
