"""The API as a Postman collection: `python -m query_api.postman FILE`, which is `make postman`.

Made of the OpenAPI document alone, the same bytes each time, in the collection format 2.1
(https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html). The usual converter,
openapi-to-postmanv2, makes up values anew at each run, and neither takes over links nor writes tests.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from query_api.app import bare_app
from query_api.postman_script import script, successes

Json = dict[str, Any]
_Part = Mapping[str, Any]

BASE_URL = "http://127.0.0.1:8000"
_FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_ASKED = ("q",)
"""Parameters that a request has switched on besides those it needs."""


def collection(document: _Part) -> Json:
    """The collection for an OpenAPI document: a folder for each tag, a request for each operation."""
    operations = list(_operations(document))
    return {
        "info": {**_described(document["info"], document["info"]["title"]), "schema": _FORMAT},
        "item": [
            {"name": tag, "item": [_request(method, path, operation) for _, method, path, operation in found]}
            for tag, found in groupby(operations, lambda each: each[0])
        ],
        "variable": _variables(operation for _, _, _, operation in operations),
    }


def text(document: _Part) -> str:
    """The collection as it stands in its file."""
    return json.dumps(collection(document), indent=2, ensure_ascii=False) + "\n"


def _operations(document: _Part) -> Iterator[tuple[str, str, str, _Part]]:
    """Tag, method, path and operation, in the document's order; but what removes comes last of its tag."""
    found = [
        (operation["tags"][0], method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    tags = list(dict.fromkeys(tag for tag, *_ in found))
    return iter(sorted(found, key=lambda each: (tags.index(each[0]), each[1] == "DELETE")))


def _variables(operations: Iterator[_Part]) -> list[Json]:
    places = {each["name"]: each for operation in operations for each in _parameters(operation, "path")}
    values = {"base_url": BASE_URL, "admin_token": "", **{name: _example(each) for name, each in places.items()}}
    return [{"key": name, "value": value} for name, value in values.items()]


def _request(method: str, path: str, operation: _Part) -> Json:
    request: Json = {"method": method, "header": _headers(operation), "url": _url(path, operation)}
    if operation.get("security"):
        request["auth"] = {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{admin_token}}", "type": "string"}],
        }
    if operation.get("requestBody", {}).get("required"):
        body = operation["requestBody"]["content"]["application/json"]["schema"]["examples"][0]
        request["body"] = {"mode": "raw", "raw": _pretty(body), "options": {"raw": {"language": "json"}}}
    return {
        **_described(operation, f"{method} {path}"),
        "request": request,
        "response": list(_saved(operation)),
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": script(operation)}}],
    }


def _described(what: _Part, name: str) -> Json:
    return {"name": name, "description": what["description"]}


def _headers(operation: _Part) -> list[Json]:
    given = [_switched(each) for each in _parameters(operation, "header")]
    kind = {"key": "Content-Type", "value": "application/json"}
    return [kind, *given] if operation.get("requestBody", {}).get("required") else given


def _url(path: str, operation: _Part) -> Json:
    places = [each["name"] for each in _parameters(operation, "path")]
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    query = [_switched(each) for each in _parameters(operation, "query")]
    on = "&".join(f"{each['key']}={each['value']}" for each in query if not each["disabled"])
    return {
        "raw": "{{base_url}}/" + "/".join(parts) + ("?" + on if on else ""),
        "host": ["{{base_url}}"],
        "path": parts,
        "query": query,
        "variable": [{"key": name, "value": "{{" + name + "}}"} for name in places],
    }


def _parameters(operation: _Part, place: str) -> list[_Part]:
    return [each for each in operation.get("parameters", ()) if each["in"] == place]


def _switched(parameter: _Part) -> Json:
    is_on = parameter["required"] or parameter["name"] in _ASKED
    return {
        "key": parameter["name"],
        "value": _example(parameter),
        "description": parameter.get("description", ""),
        "disabled": not is_on,
    }


def _example(parameter: _Part) -> str:
    schema = parameter["schema"]
    known = [
        *schema.get("examples", ()),
        *([schema["default"]] if "default" in schema else ()),
        *schema.get("enum", ()),
    ]
    return str(known[0]) if known else ""


def _saved(operation: _Part) -> Iterator[Json]:
    """The documented examples of what is answered when all is well."""
    for status, answer in successes(operation).items():
        content = answer.get("content", {}).get("application/json", {})
        if "example" in content:
            yield {
                "name": answer["description"],
                "code": status,
                "header": [{"key": "Content-Type", "value": "application/json"}],
                "body": _pretty(content["example"]),
                "_postman_previewlanguage": "json",
            }


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(bare_app().openapi()), encoding="utf-8")
