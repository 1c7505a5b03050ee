"""The API's own documentation as a page: the OpenAPI document in plain HTML, without a script and another host."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from shlex import quote
from typing import Any
from urllib.parse import quote_plus, urlencode

STYLE_PATH = "/docs/style.css"

_Document = Mapping[str, Any]


def reference_page(document: _Document, base_url: str) -> str:
    """The page for an OpenAPI document (https://spec.openapis.org/oas/v3.1.0) of a service at `base_url`."""
    title = escape(document["info"]["title"])
    operations = list(_operations(document))
    sections = "".join(
        _section(tag, list(group), base_url) for tag, group in groupby(operations, lambda each: each[0])
    )
    contents = " ".join(
        f'<a href="#{_id(tag)}">{escape(tag)}</a>' for tag, _ in groupby(each[0] for each in operations)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: its API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body><header><h1>{title}</h1>'
        f"<p>{_text(document['info'].get('description', ''))}</p>"
        f'<nav>{contents} <a href="/openapi.json">OpenAPI document</a> <a href="/">The page</a></nav></header>'
        f"<main>{sections}</main></body></html>"
    )


def _operations(document: _Document) -> Iterator[tuple[str, str, str, _Document]]:
    """Tag, method, path and operation, in the document's order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield next(iter(operation.get("tags", ())), "other"), method.upper(), path, operation


def _section(tag: str, operations: list[tuple[str, str, str, _Document]], base_url: str) -> str:
    parts = "".join(_operation(method, path, operation, base_url) for _, method, path, operation in operations)
    return f'<section id="{_id(tag)}"><h2>{escape(tag)}</h2>{parts}</section>'


def _id(tag: str) -> str:
    return re.sub(r"\W+", "-", tag)


def _operation(method: str, path: str, operation: _Document, base_url: str) -> str:
    needs = "<p>Needs the admin token where the service has one.</p>" if operation.get("security") else ""
    return (
        f"<article><h3><code>{method} {escape(path)}</code></h3>"
        f"<p>{_text(operation.get('description', ''))}</p>{needs}"
        f"{_parameters(operation.get('parameters', ()))}{_body(operation)}{_answers(operation['responses'])}"
        f"<pre>{escape(_curl(method, base_url + path, operation))}</pre>{_example_answer(operation)}</article>"
    )


def _parameters(parameters: Any) -> str:  # noqa: ANN401 - a part of the document
    rows = ((each["name"], _kind(each.get("schema", {})), each.get("description", "")) for each in parameters)
    return _table(("parameter", "accepts", "what it is"), rows)


def _body(operation: _Document) -> str:
    schema = _schema_of(operation.get("requestBody", {}))
    rows = (
        (name, _kind(field), field.get("description", "")) for name, field in schema.get("properties", {}).items()
    )
    return _table(("field of the JSON body", "accepts", "what it is"), rows)


def _answers(responses: _Document) -> str:
    rows = (
        (status, ", ".join(answer.get("content", ())), answer["description"])
        for status, answer in sorted(responses.items())
    )
    return _table(("answer", "as", "when"), rows)


def _kind(schema: _Document) -> str:
    kinds = [each["type"] for each in (schema, *schema.get("anyOf", ())) if "type" in each and each["type"] != "null"]
    accepted = [json.dumps(value) for value in schema.get("enum", ())] or kinds
    default = f"; {json.dumps(schema['default'])} without it" if schema.get("default") not in (None, "", []) else ""
    example = f"; such as {schema['examples'][0]}" if schema.get("examples") else ""
    return " or ".join(map(str, accepted)) + default + example


def _schema_of(body: _Document) -> _Document:
    found: _Document = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _example_answer(operation: _Document) -> str:
    contents = (answer.get("content", {}) for status, answer in operation["responses"].items() if status[0] == "2")
    examples = [kind["example"] for content in contents for kind in content.values() if "example" in kind]
    shown = (each if isinstance(each, str) else json.dumps(each, indent=2, ensure_ascii=False) for each in examples)
    return "".join(f"<details><summary>An answer</summary><pre>{escape(each)}</pre></details>" for each in shown)


def _address(url: str, parameters: Any) -> str:  # noqa: ANN401 - a part of the document
    """With examples in the place of what has to be given, and of the words to search for."""
    asked = {}
    for each in parameters:
        schema = each["schema"]
        example = str(next(iter([*schema.get("examples", ()), *schema.get("enum", ())]), "..."))
        url = url.replace(f"{{{each['name']}}}", quote_plus(example))
        if each["in"] == "query" and (each.get("required") or each["name"] == "q"):
            asked[each["name"]] = example
    return f"{url}?{urlencode(asked)}" if asked else url


def _curl(method: str, url: str, operation: _Document) -> str:
    address = _address(url, operation.get("parameters", ()))
    words = ["curl", *(["-X", method] if method != "GET" else ()), quote(address)]
    if operation.get("security"):
        words += ["-H", "'Authorization: Bearer ADMIN_TOKEN'"]
    schema = _schema_of(operation.get("requestBody", {}))
    if schema:
        example = next(iter(schema.get("examples", ())), dict.fromkeys(schema.get("required", ()), "..."))
        words += ["-H", "'Content-Type: application/json'", "-d", quote(json.dumps(example))]
    return " ".join(words)


def _text(text: str) -> str:
    """Escaped; what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
